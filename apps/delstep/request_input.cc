#include "apps/delstep/request_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cassert>
#include <utility>
#include <vector>

#include "base/json.h"

namespace delstep {
namespace {

constexpr std::size_t kMostWaiting = 16 << 20;

void MakePipe(int (&ends)[2]) {
  [[maybe_unused]] const int made = pipe2(ends, O_CLOEXEC | O_NONBLOCK);
  assert(made == 0);
}

void ClosePipe(const int (&ends)[2]) {
  close(ends[0]);
  close(ends[1]);
}

/// A full pipe is readable too.
void MakeReadable(const int (&ends)[2]) {
  [[maybe_unused]] const auto written = write(ends[1], "", 1);
}

}  // namespace

std::string NotBegunMembers(const Request& request, const Error& error, const JsonStream& stream,
                            bool fatal) {
  return fmt::format(R"("cmd":{},"ok":false,{},"result":null,"error":{}{})",
                     JsonString(request.commands), stream.TimeMembers(), RenderJson(error),
                     fatal ? ",\"fatal\":true" : "");
}

Error StoppedBefore(ErrorCode code) { return {code, "stopped before it began"}; }

RequestInput::RequestInput(int input, int wake, JsonStream& stream, std::function<void()> stop)
    : stream_(stream), stop_(std::move(stop)), input_(input), wake_(wake) {
  MakePipe(ready_);
  MakePipe(ending_);
  stream_.SetDone([this](std::string_view id) {
    const std::lock_guard lock(mutex_);
    if (current_ && current_->id == id) current_.reset();
  });
  thread_ = std::thread([this] { Serve(); });
}

RequestInput::~RequestInput() {
  {
    const std::lock_guard lock(mutex_);
    goes_ = true;
  }
  room_.notify_all();
  MakeReadable(ending_);
  thread_.join();
  stream_.SetDone({});
  ClosePipe(ready_);
  ClosePipe(ending_);
}

void RequestInput::Serve() {
  LineReader reader(input_, ending_[0]);
  for (;;) {
    Input input = reader.Read();
    if (input.kind == Input::Kind::kWoken) return;
    if (input.kind == Input::Kind::kEnd) break;
    Take(std::move(input.line));
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return bytes_ <= kMostWaiting || goes_; });
    if (goes_) return;
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  MakeReadable(ready_);
}

void RequestInput::Take(std::string line) {
  InputLine next{.kind = Input::Kind::kLine, .line = std::move(line), .number = ++lines_read_};
  if (LooksLikeRequest(next.line)) {
    next.request = ParseRequest(next.line);
    if (next.request->kind == Request::Kind::kCancel) return Cancel(next.request->id);
  }
  const std::lock_guard lock(mutex_);
  saw_request_ |= next.request && next.request->kind == Request::Kind::kCommands;
  bytes_ += next.line.size();
  lines_.push_back(std::move(next));
  MakeReadable(ready_);
}

/// All requests with the id, should a program have given it to several.
void RequestInput::Cancel(const std::string& id) {
  std::unique_lock lock(mutex_);
  saw_request_ = true;
  bool found = false;
  if (current_ && current_->id == id) {
    found = current_->cancelled = true;
    if (current_->runs) stop_();
  }
  std::vector<Request> cancelled;
  std::erase_if(lines_, [&](InputLine& waiting) {
    if (!waiting.request || waiting.request->kind != Request::Kind::kCommands ||
        waiting.request->id != id)
      return false;
    bytes_ -= waiting.line.size();
    cancelled.push_back(*std::move(waiting.request));
    return true;
  });
  lock.unlock();
  room_.notify_all();
  for (const Request& request : cancelled)
    stream_.Put(id,
                NotBegunMembers(request, StoppedBefore(ErrorCode::kInterrupted), stream_, false),
                /*done=*/true);
  if (found || !cancelled.empty()) return;
  const Error error = Refused(fmt::format("no request with the id {} runs or waits", id),
                              "it may have ended before the cancel came");
  stream_.Put(id, ErrorMembers(error, stream_.TimeMembers(), false) + ",\"cancel\":true",
              /*done=*/true);
}

InputLine RequestInput::Read() {
  for (;;) {
    if (!WaitForInput(ready_[0], wake_)) return {.kind = Input::Kind::kWoken};
    const std::lock_guard lock(mutex_);
    if (lines_.empty()) {
      if (ended_) return {.kind = Input::Kind::kEnd};
      char drained[64];
      while (read(ready_[0], drained, sizeof drained) > 0) continue;
      continue;
    }
    InputLine line = std::move(lines_.front());
    lines_.pop_front();
    bytes_ -= line.line.size();
    room_.notify_all();
    if (line.request && line.request->kind == Request::Kind::kCommands)
      current_ = Current{.id = line.request->id};
    return line;
  }
}

bool RequestInput::Begin() {
  const std::lock_guard lock(mutex_);
  if (!current_) return true;
  current_->runs = true;
  return !current_->cancelled;
}

void RequestInput::End() {
  const std::lock_guard lock(mutex_);
  current_.reset();
}

std::vector<Request> RequestInput::TakeWaiting() {
  const std::lock_guard lock(mutex_);
  std::vector<Request> requests;
  for (InputLine& line : lines_)
    if (line.request && line.request->kind == Request::Kind::kCommands)
      requests.push_back(*std::move(line.request));
  lines_.clear();
  return requests;
}

bool RequestInput::SawRequest() const {
  const std::lock_guard lock(mutex_);
  return saw_request_;
}

}  // namespace delstep
