#pragma once
/// A conversation as a file, NAME.del, line by line:
///
///   # COMMENT        for the reader, anywhere; it belongs to the line below it
///   % SETTING...     before the first command: `key=value` changes the configuration, `-` makes
///                    the session stop at the first error, `json` makes it speak JSON, `prompt`
///                    makes it behave as for a person who types, `echo` shows commands of scripts,
///                    `quiet` and `verbose` are the options of the program, `width=80` is a terminal
///   > COMMAND        is typed; what follows, up to the next one, is what comes back
///   ~PATTERN         a line that the regular expression matches as a whole
///   \LINE            a line of output that begins with one of the marks # > ~ % or a backslash
///   LINE             any other line of output; "! " stands before what goes to standard error
///
/// An empty line is an empty line of output, but before the first command it says nothing.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace delstep {

/// A command and what comes back.
struct Turn {
  std::size_t line = 0;            ///< of the command in the file, from 1
  std::string typed;               ///< without its mark
  std::vector<std::string> after;  ///< comments, patterns and lines of output, as in the file
};
struct Transcript {
  std::vector<std::string>
      head;  ///< settings and comments before the first command, as in the file
  std::vector<Turn> turns;
};

Transcript ParseTranscript(std::string_view text);
std::string ToText(const Transcript& transcript);

/// The lines that came back beside those that were expected.
struct Comparison {
  /// The expected lines that came back stay as they are written, patterns and comments among them;
  /// those that did not come are gone, and the others that came are there.
  std::vector<std::string> updated;
  /// Empty if all is as expected; else lines with a mark: "  " as expected, "- " expected, "+ "
  /// came instead. Comments are left out.
  std::vector<std::string> difference;
};
Comparison Compare(const std::vector<std::string>& after, const std::vector<std::string>& came);

/// The difference around its first place: at most `context` lines before and after, and no more
/// than `most` lines in all.
std::string Excerpt(const std::vector<std::string>& difference, std::size_t context = 3,
                    std::size_t most = 16);

}  // namespace delstep
