#pragma once
/// The page itself: one file of HTML that the program has inside.
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace delstep {

/// As it was built. Where the program was built without it, a short page that says so.
std::string_view PageHtml();

/// The page with the nodes in it, as a list that a screen reader and a text browser find: at the
/// comment `<!--nodes-->`, or before `</body>`.
std::string PageWithNodes(std::string_view html,
                          std::span<const std::pair<std::string, std::string>> nodes);

}  // namespace delstep
