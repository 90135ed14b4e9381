#pragma once
/// A line of a person at a terminal: editing, history, completion, a usage hint. (libedit)
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "console/session/session.h"
#include "console/terminal/news.h"
#include "console/terminal/terminal_lines.h"

namespace delstep {

/// What the terminal asks while a line is typed.
struct TerminalQuestions {
  std::function<Completion(std::string_view line)> complete;
  std::function<std::string(std::string_view line)> hint;
};

/// Prompts go to standard error, the line comes from standard input; both must be terminals.
///
/// Tab completes, Ctrl-R searches the history, Ctrl-D on an empty line is the end of input. When
/// `wake` becomes readable (Ctrl-C) Read() drops the line and returns kWoken. News is shown above
/// the line, which stays.
///
/// The history is kept between sessions in the file `history`, whose folder is made with mode 0700;
/// where that fails, or the name is empty, it lasts as long as the session, silently.
///
/// Threads: one, and one Terminal in a process.
class Terminal {
 public:
  /// `news` outlives it.
  Terminal(TerminalQuestions questions, int wake, News& news, const std::filesystem::path& history);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// `prompt` is one row of UTF-8 without control characters.
  Input Read(const std::string& prompt);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// What Tab does to a line: what is to be inserted at the cursor, and what is to be listed below.
struct TabResult {
  std::string insert;
  std::vector<std::string> list;
  std::size_t erase = 0;  ///< bytes before the cursor that go first: quotes are needed before them
};
/// `line` is what stands before the cursor. One candidate is completed, with a blank unless it ends
/// in '/'; of several, what they have in common, and they are listed where that adds nothing. What
/// would be two words without quotes is put in quotes.
TabResult ApplyCompletion(std::string_view line, const Completion& completion);

}  // namespace delstep
