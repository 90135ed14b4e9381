#pragma once
/// Long texts, read page by page.
#include <cstddef>
#include <string>
#include <string_view>

namespace delstep {

/// The program that shows long texts: $PAGER, or `less -FRX`; "" where there is no use in one: $PAGER
/// is empty or `cat`, or the terminal can do nothing ($TERM is "dumb").
std::string PagerCommand();

/// Whether the text has more rows than the terminal behind standard output, one left for the prompt.
/// False where that is no terminal.
bool IsLongerThanTerminal(std::string_view text);

/// Shows the text with the command and waits for its end. False, and nothing was shown, where the
/// command could not be started or is not there.
///
/// The command gets Ctrl-C as a program of its own would: the signals that this program has blocked
/// are not blocked in it.
bool ShowInPager(const std::string& command, std::string_view text);

}  // namespace delstep
