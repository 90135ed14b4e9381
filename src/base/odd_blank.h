#pragma once
#include <string>
#include <string_view>

namespace delstep {

/// What to do about the first blank or invisible character of `text` that looks like a common blank,
/// or like nothing, and is none: "there is a no-break space, U+00A0, in it: type a common blank".
/// Empty where there is none. Text that is copied from web pages, word processors and PDFs has them,
/// and a message that shows the text shows nothing wrong.
std::string OddBlankHint(std::string_view text);

}  // namespace delstep
