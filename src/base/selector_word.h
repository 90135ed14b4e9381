#pragma once
/// Words of the command language in files that say something of single nodes.
#include <optional>
#include <string>
#include <string_view>

namespace delstep {

/// What is wrong with a label of a file that means many nodes wherever a person types it: `all`, a
/// group such as `@west`, or a range such as `10.0.0.[1-3]`. Nothing for every other label. Nobody
/// may give a node such a name, so whoever writes one means those nodes; as an id of the file's own
/// it would be read as some single node.
///
/// The text is a whole message, as "'@west' is a group and no node: write one line for each of its
/// nodes".
std::optional<std::string> MeansManyNodes(std::string_view label);

}  // namespace delstep
