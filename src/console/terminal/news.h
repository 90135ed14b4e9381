#pragma once
/// What others do in the session while a person sits at the prompt.
#include <mutex>
#include <optional>
#include <string>

namespace delstep {

/// Collects texts from any thread for one terminal, which shows them above the line that is being
/// typed. Threads: any; Take() from the terminal's.
class News {
 public:
  News();
  ~News();
  News(const News&) = delete;
  News& operator=(const News&) = delete;

  /// `text` is one or more whole lines, `prompt` what the prompt should be from now on.
  void Add(std::string text, std::string prompt);
  struct Item {
    std::string text, prompt;
  };
  /// All that has come since the last time, and the last prompt.
  std::optional<Item> Take();
  /// Readable while there is something to take.
  int fd() const { return pipe_[0]; }

 private:
  int pipe_[2] = {-1, -1};
  std::mutex mutex_;
  std::optional<Item> item_;  // guarded by mutex_
};

}  // namespace delstep
