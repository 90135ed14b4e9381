#pragma once
/// Standard input under `--json`: read while a command runs, so that it can be cancelled.
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "apps/delstep/requests.h"
#include "console/session/json.h"
#include "console/terminal/terminal_lines.h"

namespace delstep {

/// A line of standard input; `request` is there if it begins like one.
struct InputLine {
  Input::Kind kind = Input::Kind::kEnd;
  std::string line{};
  std::optional<Request> request{};
  std::uint32_t number = 0;  ///< of the line in all of standard input, from 1: requests count too
};

/// Reads on a thread of its own and keeps lines until they are asked for; a cancel is obeyed as soon
/// as it is read. What a cancel needs to know is which request runs:
///
///   Read()  a line; from here on a cancel of its id is remembered
///   Begin() false: it was cancelled before it began; else a cancel calls `stop`
///   End()   a cancel of its id finds nothing any more, as soon as its last object has been put out
///
/// A request that is cancelled while it waits is answered here and never comes out of Read().
///
/// Beyond 16 MiB of waiting lines no more are read, so that a long script does not fill the memory; a
/// cancel behind them is read late.
///
/// Threads: Read, Begin and End are called from one; `stop` is called from the thread of its own,
/// never after End(), and must return at once.
class RequestInput {
 public:
  /// Both descriptors and the stream outlive this.
  RequestInput(int input, int wake, JsonStream& stream, std::function<void()> stop);
  ~RequestInput();
  RequestInput(const RequestInput&) = delete;
  RequestInput& operator=(const RequestInput&) = delete;

  /// Waits for a line, the end, or the wake descriptor.
  InputLine Read();
  bool Begin();
  void End();
  /// The requests that wait, which then wait no more: for a program that ends before them.
  std::vector<Request> TakeWaiting();
  /// A well-formed request has been read, perhaps ahead of lines that wait: a program is at the
  /// other end.
  bool SawRequest() const;

 private:
  struct Current {
    std::string id;
    bool runs = false, cancelled = false;
  };
  void Serve();
  void Take(std::string line);
  void Cancel(const std::string& id);
  void Wake();

  JsonStream& stream_;
  const std::function<void()> stop_;
  const int input_, wake_;
  std::uint32_t lines_read_ = 0;  // by the thread, which alone looks at it
  int ready_[2] = {-1, -1};       // readable while lines wait or the input has ended
  int ending_[2] = {-1, -1};      // readable when this goes
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<InputLine> lines_;  // guarded by mutex_, as are the next five
  std::size_t bytes_ = 0;
  bool ended_ = false, goes_ = false, saw_request_ = false;
  std::optional<Current> current_;
  std::thread thread_;
};

/// The members of the answer to a request that did not begin. `fatal`: the program ends.
std::string NotBegunMembers(const Request& request, const Error& error, const JsonStream& stream,
                            bool fatal);
/// That it was stopped: kInterrupted or kTerminated.
Error StoppedBefore(ErrorCode code);

}  // namespace delstep
