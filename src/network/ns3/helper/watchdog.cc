// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/watchdog.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <iterator>

namespace delstep_ns3::watchdog {
namespace {

constexpr suseconds_t kPeriod = 500'000;  // microseconds
volatile sig_atomic_t ticks = 0;

// Everything below runs in the signal handler: system calls and arithmetic, no allocation.

char* Append(char* out, const char* text) {
  while (*text != 0) *out++ = *text++;
  return out;
}

char* Append(char* out, std::int64_t number) {  // the clock is never negative
  char digits[20];
  char* end = digits;
  do *end++ = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  while (end != digits) *out++ = *--end;
  return out;
}

void TellThatWeLive() {
  char line[64];
  char* end = Append(line, "{\"alive\":");
  end = Append(end, clock.load(std::memory_order_relaxed));
  end = Append(end, "}\n");
  const char* rest = line;
  while (rest != end) {
    // Nobody reads: then the line is left out. But a line that was begun is written to its end.
    const int flags = MSG_NOSIGNAL | (rest == line ? MSG_DONTWAIT : 0);
    const ssize_t sent = send(kSocket, rest, static_cast<std::size_t>(end - rest), flags);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return;
    rest += sent;
  }
}

void OnTimer(int) {
  const int kept = errno;
  // Half closed is not closed: a simulator that has said all may still wait for the answer.
  pollfd socket{.fd = kSocket, .events = 0, .revents = 0};
  if (poll(&socket, 1, 0) > 0 && (socket.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) _exit(0);
  ticks = ticks + 1;
  if (ticks % 2 == 0) TellThatWeLive();
  errno = kept;
}

void SetTimer(suseconds_t period) {
  itimerval timer{};
  timer.it_interval.tv_usec = timer.it_value.tv_usec = period;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

void Install() {
  struct sigaction action {};
  action.sa_handler = OnTimer;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
}

void Work() {
  ticks = 0;
  SetTimer(kPeriod);
}

void Rest() {
  SetTimer(0);
  // A signal that was raised before the timer stopped is delivered at the return from that call, so
  // the handler never writes after this.
}

}  // namespace delstep_ns3::watchdog
