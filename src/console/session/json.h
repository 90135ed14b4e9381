#pragma once
/// What `--json` puts out: one object a line, numbered. docs/reference/json.md describes it for
/// those who write the program at the other end.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/reply.h"
#include "console/session/command_result.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// Version of the objects.
inline constexpr int kJsonVersion = 2;

/// Numbers the objects and puts each out as one line. Every object of a run of the program goes
/// through one stream, so that the numbers tell whether one is missing.
///
/// Threads: any. Progress and the answers to a cancel come from other threads than the answers of
/// commands.
class JsonStream {
 public:
  using Print = std::function<void(std::string_view)>;
  explicit JsonStream(Print print) : print_(std::move(print)) {}

  /// Members are written "key":value,"key":value. `id` is that of the request as JSON; "" for none.
  /// `done` marks the last object of a request.
  void Put(std::string_view id, std::string_view members, bool done = false);
  /// `done` is called with the id just before the last object of a request is put out, while no
  /// other object can be: who then hears of a cancel can say that it came too late, and says it
  /// behind that object. It must not use the stream. Empty: nothing is called.
  void SetDone(std::function<void(std::string_view id)> done);
  /// From here to the last object of the request PutProgress() puts something out.
  void OpenProgress(std::string id);
  /// An object that answers nothing; `progress` is one whole JSON value. Nothing behind the last
  /// object of the request.
  void PutProgress(std::string_view id, std::string_view progress);
  /// Objects so far that answer something.
  std::uint64_t answers() const;
  /// The clock and the cycle, which objects from other threads repeat.
  void SetTime(SimTime time, std::uint64_t cycle);
  /// `"t":0,"cycle":0` as they were set last.
  std::string TimeMembers() const;

 private:
  /// A lock that is given in the order of asking. While the other end of a pipe is slow, a command
  /// with many answers would ask for a common lock again before anybody else had it.
  class Turn {
   public:
    explicit Turn(const JsonStream& stream);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    const JsonStream& stream_;
  };
  void Write(std::string_view id, std::string_view members, bool done);

  Print print_;
  std::function<void(std::string_view)> done_;
  mutable std::mutex mutex_;
  mutable std::condition_variable next_turn_;
  mutable std::uint64_t asked_ = 0, given_ = 0;  // guarded by mutex_

  std::uint64_t number_ = 0;  // of whose turn it is, as are the rest
  std::uint64_t answers_ = 0;
  std::string progress_id_;
  SimTime time_{};
  std::uint64_t cycle_ = 0;
};

/// "cmd":...,"ok":...,"t":...,"cycle":...,"result":...
std::string RenderJson(const CommandResult& answer);
/// {"code":...,"message":...,"where":...,"hint":...}, with file, line and column where the place
/// has them.
std::string RenderJson(const Error& error, const std::vector<std::string>& loaded_from = {},
                       const Reply& measured = {});
/// The members of an object that answers no command: what was wrong before the first one, or with a
/// request; or one of the command line. `time_members`: see JsonStream.
std::string ErrorMembers(const Error& error, std::string_view time_members, bool fatal,
                         std::string_view command = {},
                         const std::vector<std::string>& loaded_from = {});

/// The members of an answer to the command line, such as `doctor`: there is no simulation yet.
std::string ResultMembers(std::string_view command, bool ok, const Reply& result);

}  // namespace delstep
