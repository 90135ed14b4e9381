#include "python/native/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <thread>

namespace delstep {
namespace {

// One for the process, as its signals are. What the handler reads is set before it is installed.
struct Watch {
  std::mutex mutex;
  const std::function<void()>* stop = nullptr;  // guarded by it: of the present scope
  std::uint64_t scope = 0;                      // likewise: a late signal stops no later command
};
Watch* watch = nullptr;  // never freed: its thread may outlive everything
int wake_fd = -1;
std::atomic<std::uint64_t> present_scope{0};
struct sigaction python_action {};

void Listen(int read_fd) {
  std::uint64_t scope = 0;
  while (read(read_fd, &scope, sizeof scope) == static_cast<ssize_t>(sizeof scope)) {
    const std::lock_guard lock(watch->mutex);
    if (watch->stop != nullptr && watch->scope == scope) (*watch->stop)();
  }
}

void OnSignal(int signal, siginfo_t* info, void* context) {
  const int kept = errno;
  const std::uint64_t scope = present_scope.load();
  [[maybe_unused]] const auto written = write(wake_fd, &scope, sizeof scope);
  if ((python_action.sa_flags & SA_SIGINFO) != 0)
    python_action.sa_sigaction(signal, info, context);
  else
    python_action.sa_handler(signal);
  errno = kept;
}

bool Start() {
  // A process that was forked off has the memory, but not the thread.
  static pid_t starter = 0;
  if (watch != nullptr && starter == getpid()) return true;
  starter = getpid();
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  // A full pipe must not hold up the handler.
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  wake_fd = ends[1];
  watch = new Watch;
  std::thread(Listen, ends[0]).detach();
  return true;
}

}  // namespace

InterruptScope::InterruptScope(const std::function<void()>& stop) {
  struct sigaction present {};
  if (sigaction(SIGINT, nullptr, &present) != 0) return;
  const bool is_plain = (present.sa_flags & SA_SIGINFO) == 0;
  if (is_plain && (present.sa_handler == SIG_DFL || present.sa_handler == SIG_IGN)) return;
  if (!is_plain && present.sa_sigaction == &OnSignal) return;  // an outer scope
  if (!Start()) return;
  {
    const std::lock_guard lock(watch->mutex);
    watch->stop = &stop;
    present_scope = ++watch->scope;
  }
  python_action = present;
  struct sigaction ours {};
  ours.sa_sigaction = &OnSignal;
  ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  ours.sa_mask = present.sa_mask;
  active_ = sigaction(SIGINT, &ours, nullptr) == 0;
}

InterruptScope::~InterruptScope() {
  if (!active_) return;
  sigaction(SIGINT, &python_action, nullptr);
  const std::lock_guard lock(watch->mutex);
  watch->stop = nullptr;
}

}  // namespace delstep
