#pragma once
#include <string>
#include <string_view>

namespace delstep {

/// The environment names a character set, and it is not UTF-8: LANG=C, LC_ALL=POSIX. Where it names
/// none at all, as in many containers, nobody has said that UTF-8 cannot be shown.
bool WantsAscii();

/// The signs that the program itself uses beyond ASCII ("·", "–", "…", "→") as ASCII. Names and texts
/// of users stay as they are.
std::string AsciiText(std::string_view text);

}  // namespace delstep
