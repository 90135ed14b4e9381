#pragma once
/// The file that was meant by a name that no file has.
#include <string>
#include <string_view>

namespace delstep {

/// The file beside `path` whose name is nearest to its own, or is its own with `ending` behind it;
/// empty where nothing is near or `path` is there. With an ending only files count that have it.
std::string NearestFile(const std::string& path, std::string_view ending = {});

}  // namespace delstep
