#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace delstep {

/// Gathers lines of standard input until they are complete: blocks and quotes closed, a `repeat N`
/// followed by its block or by something else. Costs time in proportion to the lines.
class InputLines {
 public:
  /// True: what has gathered is complete. `number` is that of the line in the whole input, from 1; 0:
  /// it follows the line before. Numbers that are left out belong to lines that somebody else took.
  bool Add(std::string_view line, std::uint32_t number = 0);
  bool empty() const { return text_.empty(); }
  /// Counted from 1 over the whole input.
  std::uint32_t first_line() const { return first_line_; }
  /// What has gathered, complete or not; the next line begins anew.
  std::string Take();

 private:
  bool StillOpen(std::string_view line);

  std::string text_;
  std::uint32_t line_ = 0, first_line_ = 1;
  bool in_quote_ = false;
  std::size_t depth_ = 0;  // open blocks; 0 between a `repeat N` and its block
};

}  // namespace delstep
