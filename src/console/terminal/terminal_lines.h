#pragma once
/// Lines of standard input where no person sits: a pipe, a file, a batch job. Never prompts. A byte
/// order mark of UTF-8 before the first line is no part of it.
#include <string>

namespace delstep {

/// What came when a line was waited for.
struct Input {
  enum class Kind {
    kLine,
    kEnd,    ///< the end of input, or an error of it
    kWoken,  ///< the wake descriptor became readable; a half-read line is kept
  };
  Kind kind = Kind::kEnd;
  std::string line{};  ///< without the newline
};

/// Blocks until one of them can be read, and says which; the first of them in this order. A
/// descriptor of -1 is never ready.
enum class Ready { kWake, kNews, kInput };
Ready WaitForAny(int input, int wake, int news);
/// The same of two: true for the input.
inline bool WaitForInput(int input, int wake) {
  return WaitForAny(input, wake, -1) == Ready::kInput;
}

/// Threads: one.
class LineReader {
 public:
  /// Both descriptors stay the caller's.
  LineReader(int input, int wake) : input_(input), wake_(wake) {}
  /// A last line without a newline is a line too.
  Input Read();

 private:
  void SkipMark();

  int input_, wake_;
  std::string buffer_;
  std::size_t searched_ = 0;  // no newline before it
  bool began_ = false, ended_ = false;
};

}  // namespace delstep
