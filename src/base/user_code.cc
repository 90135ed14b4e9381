#include "base/user_code.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>

namespace delstep {
namespace {

struct Crash {
  int signal;
  const char* name;
  struct sigaction before;  // what happened at this signal until now
};
// Global, since a handler of signals is given nothing of ours.
std::array<Crash, 5> crashes = {{{SIGSEGV, "SIGSEGV, a wrong address", {}},
                                 {SIGBUS, "SIGBUS, a wrong address", {}},
                                 {SIGFPE, "SIGFPE, such as a division of integers by 0", {}},
                                 {SIGILL, "SIGILL, an illegal instruction", {}},
                                 {SIGABRT, "SIGABRT, such as a failed assert", {}}}};

thread_local const char* volatile running_file = nullptr;
thread_local const char* volatile running_doing = nullptr;

void WriteText(const char* text) {
  for (std::size_t left = std::strlen(text); left > 0;) {
    const ssize_t written = write(STDERR_FILENO, text, left);
    if (written <= 0) return;
    text += written;
    left -= static_cast<std::size_t>(written);
  }
}

/// Calls only what may be called in a handler of signals.
void TellCrash(int signal, siginfo_t* info, void*) {
  for (Crash& crash : crashes) {
    if (crash.signal != signal) continue;
    if (running_file != nullptr) {
      WriteText("delstep: the code in ");
      WriteText(running_file);
      WriteText(" crashed (");
      WriteText(crash.name);
      WriteText(") in ");
      WriteText(running_doing);
      WriteText("\n");
      running_file = nullptr;
    }
    sigaction(signal, &crash.before, nullptr);
    // What the processor found wrong happens again when this returns; what was sent does not.
    if (info->si_code <= 0) raise(signal);
  }
}

/// On the thread that ends the program, before its global objects go.
void TellExit() {
  if (running_file == nullptr) return;
  WriteText("delstep: the code in ");
  WriteText(running_file);
  WriteText(" called exit() in ");
  WriteText(running_doing);
  WriteText(", which ends the program; throw an exception instead\n");
  // This was told; the handler of SIGABRT need not tell it again.
  running_file = nullptr;
  // exit() would have written what stdout holds; abort() does not.
  std::fflush(nullptr);
  std::abort();
}

void InstallHandlers() {
  static_cast<void>(std::atexit(TellExit));
  static_cast<void>(std::at_quick_exit(TellExit));
  for (Crash& crash : crashes) {
    struct sigaction tell = {};
    tell.sa_sigaction = TellCrash;
    tell.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&tell.sa_mask);
    sigaction(crash.signal, &tell, &crash.before);
  }
}

/// A stack for handlers, as long as the thread lives; none where a sanitizer has given it one.
class HandlerStack {
 public:
  HandlerStack() {
    stack_t now = {};
    if (sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) return;
    memory_ = std::make_unique<char[]>(kSize);
    const stack_t own = {.ss_sp = memory_.get(), .ss_flags = 0, .ss_size = kSize};
    sigaltstack(&own, nullptr);
  }
  ~HandlerStack() {
    if (!memory_) return;
    const stack_t none = {.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
    sigaltstack(&none, nullptr);
  }
  HandlerStack(const HandlerStack&) = delete;
  HandlerStack& operator=(const HandlerStack&) = delete;

 private:
  static constexpr std::size_t kSize = std::size_t{64} << 10;
  std::unique_ptr<char[]> memory_;
};

void PrepareThread() {
  static std::once_flag installed;
  std::call_once(installed, InstallHandlers);
  thread_local const HandlerStack stack;
  static_cast<void>(stack);
}

}  // namespace

UserCode::UserCode(const std::string& file, const char* doing)
    : outer_file_(running_file), outer_doing_(running_doing) {
  PrepareThread();
  running_doing = doing;
  running_file = file.c_str();
}

UserCode::~UserCode() {
  running_file = outer_file_;
  running_doing = outer_doing_;
}

}  // namespace delstep
