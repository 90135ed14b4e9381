#include "console/terminal/signals.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cassert>
#include <cstdlib>

namespace delstep {
namespace {

sigset_t WatchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);
  return set;
}

}  // namespace

SignalWatch::SignalWatch() {
  // Writing to a pipe that nobody reads is to fail, not to end the program.
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  const sigset_t set = WatchedSignals();
  // Blocked in all threads made from here on: one thread takes signals when it asks for them, so
  // the work is ordinary code and no handler.
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  [[maybe_unused]] const int made = pipe2(wake_, O_CLOEXEC | O_NONBLOCK);
  assert(made == 0);
  thread_ = std::thread([this] { Serve(); });
}

SignalWatch::~SignalWatch() {
  ending_ = true;
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
  close(wake_[0]);
  close(wake_[1]);
}

void SignalWatch::SetStop(Stop stop) {
  const std::lock_guard lock(mutex_);
  stop_ = std::move(stop);
  began_ |= static_cast<bool>(stop_);
}

void SignalWatch::SetTerminated(std::function<void()> terminated) {
  const std::lock_guard lock(mutex_);
  when_terminated_ = std::move(terminated);
}

void SignalWatch::DoNotInsist() {
  const std::lock_guard lock(mutex_);
  insists_ = false;
}

void SignalWatch::FinishWhenTerminated() {
  const std::lock_guard lock(mutex_);
  finishes_ = true;
}

bool SignalWatch::BeginWork() {
  const std::lock_guard lock(mutex_);
  if (pending_ || asked_to_end_) return false;
  working_ = true;
  interrupted_ = false;  // what was stopped before does not make the next Ctrl-C a second one
  return true;
}

void SignalWatch::EndWork() {
  const std::lock_guard lock(mutex_);
  working_ = false;
}

void SignalWatch::Wake() { [[maybe_unused]] const auto written = write(wake_[1], "", 1); }

void SignalWatch::AskToEnd() {
  const std::lock_guard lock(mutex_);
  asked_to_end_ = true;
  [[maybe_unused]] const auto written = write(wake_[1], "", 1);
}

bool SignalWatch::asked_to_end() const {
  const std::lock_guard lock(mutex_);
  return asked_to_end_;
}

std::optional<ErrorCode> SignalWatch::TakePending() {
  const std::lock_guard lock(mutex_);
  // Whatever woke before is over now.
  char drained[16];
  while (read(wake_[0], drained, sizeof drained) > 0) continue;
  return std::exchange(pending_, std::nullopt);
}

std::optional<ErrorCode> SignalWatch::TakeStopped() {
  const std::lock_guard lock(mutex_);
  return std::exchange(stopped_, std::nullopt);
}

void SignalWatch::Serve() {
  const sigset_t set = WatchedSignals();
  for (;;) {
    int signal = 0;
    if (sigwait(&set, &signal) != 0) continue;
    if (ending_) return;
    Receive(signal);
  }
}

void SignalWatch::Receive(int signal) {
  const std::lock_guard lock(mutex_);
  const bool asks_to_end = signal != SIGINT;
  const auto code = asks_to_end ? ErrorCode::kTerminated : ErrorCode::kInterrupted;
  // A batch system that gets no answer to SIGINT sends SIGTERM.
  const bool second = asks_to_end ? terminated_ || interrupted_ : insists_ && interrupted_;
  // Ends at once: a signal before the program can stop anything; and a second one while the same
  // command still works. Where something is written at the end, those who cannot wait have SIGKILL.
  const bool ends = !stop_ ? !began_ || pending_ : second && working_;
  if (ends && !(asks_to_end && finishes_)) std::_Exit(static_cast<int>(code));
  if (asks_to_end && when_terminated_) when_terminated_();
  if (stop_ && working_) {
    (asks_to_end ? terminated_ : interrupted_) = true;
    stopped_ = code;
    stop_(code);
    return;
  }
  // What is written to the pipe only wakes; if the pipe is full it is readable anyway.
  if (!pending_ || code == ErrorCode::kTerminated) pending_ = code;
  [[maybe_unused]] const auto written = write(wake_[1], "", 1);
}

}  // namespace delstep
