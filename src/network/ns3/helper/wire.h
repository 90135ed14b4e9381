// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// The helper's end of the conversation: lines in, lines out, and descriptors that come with lines.
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace delstep_ns3 {

/// Speaks over watchdog::kSocket, and runs the watchdog whenever it is not waiting for a line. One
/// per process.
class Wire {
 public:
  /// Longest line that is read; a longer one is refused.
  static constexpr std::size_t kLongestLine = std::size_t{64} << 20;

  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// The next line without its end. False: the simulator has closed its end, also in the middle of
  /// a line. Throws a Refusal for a line that is too long. The view holds until the next call.
  bool Read(std::string_view& line);

  /// Writes a line and its end. If the simulator is gone, the process ends.
  void Write(std::string_view line);

  /// The oldest descriptor that came with what was read so far, or -1. The caller owns it.
  int TakeDescriptor();

  /// In a forked copy: `socket` becomes kSocket, and what the original had read is forgotten.
  void Become(int socket);

 private:
  bool Fill();

  std::string buffer_;
  std::size_t begin_ = 0;    // of the line to come, in buffer_
  std::size_t scanned_ = 0;  // up to here there is no end of a line
  std::deque<int> descriptors_;
};

}  // namespace delstep_ns3
