#include "network/remote/helper_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/child_process.h"
#include "network/remote/error_tail.h"
#include "network/remote/protocol.h"

namespace delstep::remote {
namespace {

using Milliseconds = std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

std::string SystemMessage(int code) { return std::generic_category().message(code); }

void DoNotBlock(const Descriptor& descriptor) {
  fcntl(descriptor.get(), F_SETFL, fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
}

/// A handle for a process, closed on exec. The functions of the C library cannot be called from
/// C++.
Descriptor HandleFor(pid_t process) {
  return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
}

/// The parent of a process, as the system tells it; 0 if there is no such process.
pid_t ParentOf(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // "PID (NAME) STATE PARENT ...": a name may have blanks and brackets in it.
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) return 0;
  std::istringstream rest(text.substr(end + 1));
  char state = 0;
  pid_t parent = 0;
  rest >> state >> parent;
  return parent;
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
// What was held before is closed by `other`, which is about to go.
Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}
Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

HelperProcess::HelperProcess(const HelperProgram& program, Descriptor stream, pid_t pid,
                             Descriptor process, bool is_child, std::shared_ptr<ErrorTail> errors)
    : program_(program),
      stream_(std::move(stream)),
      pid_(pid),
      process_(std::move(process)),
      is_child_(is_child),
      errors_(std::move(errors)) {
  // All waiting is done by poll(), which can look at two descriptors and at the clock.
  DoNotBlock(stream_);
}

Result<HelperProcess::Pair> HelperProcess::MakePair() const {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Unavailable(
        fmt::format("{} cannot be talked to: {}", program_.called, SystemMessage(errno)));
  return Pair{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<std::unique_ptr<HelperProcess>> HelperProcess::Start(const HelperProgram& program) {
  const auto failed = [&](int code) {
    return Unavailable(
        fmt::format("{} cannot be started: {}", program.called, SystemMessage(code)));
  };
  int stream[2], errors[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream) != 0) return failed(errno);
  Descriptor ours(stream[0]), theirs(stream[1]);
  if (pipe2(errors, O_CLOEXEC) != 0) return failed(errno);
  Descriptor tail(errors[0]), written(errors[1]);
  DoNotBlock(tail);
  // Above those that the child gets: none of them is overwritten before it is used.
  for (Descriptor* descriptor : {&theirs, &written}) {
    *descriptor = Descriptor(fcntl(descriptor->get(), F_DUPFD_CLOEXEC, 10));
    if (descriptor->get() < 0) return failed(errno);
  }
  DELSTEP_ASSIGN(const pid_t child,
                 StartChild(program.words, {.error = written.get(), .channel = theirs.get()}));
  Descriptor process = HandleFor(child);
  if (process.get() < 0) {
    const int code = errno;
    kill(child, SIGKILL);
    WaitForChild(child);
    return failed(code);
  }
  return std::unique_ptr<HelperProcess>(
      new HelperProcess(program, std::move(ours), child, std::move(process), true,
                        std::make_shared<ErrorTail>(std::move(tail))));
}

HelperProcess::~HelperProcess() {
  // Our direction alone: the other one stays, so that a last word of the helper, a trace of packets
  // for example, can still be written. Whoever does not end by that is killed.
  shutdown(stream_.get(), SHUT_WR);
  if (!HasEndedWithin(std::min<Milliseconds>(program_.patience, std::chrono::seconds(1)))) {
    Kill();
    HasEndedWithin(std::chrono::seconds(1));
  }
}

Result<void> HelperProcess::Write(std::string_view text) {
  heard_ = SteadyClock::now();
  while (!text.empty()) {
    // MSG_NOSIGNAL: a helper that has gone is an error, not the end of this program.
    const ssize_t written = send(stream_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      if (written > 0) heard_ = SteadyClock::now();  // it reads, so it lives
    } else if (errno == EAGAIN) {
      DELSTEP_TRY(Wait(true));
    } else if (errno != EINTR) {
      return Gone();
    }
  }
  return {};
}

Result<void> HelperProcess::WriteWith(std::string_view text, const Descriptor& descriptor) {
  // See cmsg(3): a descriptor travels beside the bytes.
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  iovec bytes{.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  const int number = descriptor.get();
  memcpy(CMSG_DATA(header), &number, sizeof number);
  heard_ = SteadyClock::now();
  for (;;) {
    const ssize_t written = sendmsg(stream_.get(), &message, MSG_NOSIGNAL);
    // The descriptor goes with the first byte.
    if (written > 0) return Write(text.substr(static_cast<std::size_t>(written)));
    if (errno == EAGAIN) {
      DELSTEP_TRY(Wait(true));
    } else if (errno != EINTR) {
      return Gone();
    }
  }
}

Result<std::string> HelperProcess::ReadLine() {
  heard_ = SteadyClock::now();
  for (;;) {
    const std::size_t end = received_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      searched_ = 0;
      return line;
    }
    searched_ = received_.size();
    DELSTEP_TRY(Wait(false));
  }
}

Result<void> HelperProcess::Wait(bool to_write) {
  const auto left =
      std::chrono::ceil<Milliseconds>(heard_ + program_.patience - SteadyClock::now());
  if (left <= Milliseconds(0)) return Hangs();
  std::array<pollfd, 2> ends{};
  ends[0] = {.fd = stream_.get(),
             .events = static_cast<short>(POLLIN | (to_write ? POLLOUT : 0)),
             .revents = 0};
  ends[1] = {.fd = errors_->descriptor(), .events = POLLIN, .revents = 0};
  // A signal, or time that is up: the caller comes back, and time is looked at above.
  if (poll(ends.data(), ends.size(), static_cast<int>(left.count())) <= 0) return {};
  // First, so that the helper is not stopped by a full pipe, and its last words are there if it has
  // gone.
  if (ends[1].revents != 0) errors_->Read();
  if ((ends[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) return Receive();
  return {};
}

Result<void> HelperProcess::Receive() {
  std::array<char, 65536> piece;
  const ssize_t got = recv(stream_.get(), piece.data(), piece.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (got <= 0) return Gone();
  received_.append(piece.data(), static_cast<std::size_t>(got));
  heard_ = SteadyClock::now();
  if (received_.size() > kLongestLine)
    return Garbage(fmt::format("it says more than {} MiB", kLongestLine >> 20));
  return {};
}

std::unique_ptr<HelperProcess> HelperProcess::Adopt(Descriptor stream, pid_t process) const {
  Descriptor handle = HandleFor(process);
  // Asked after it was opened: from here on the number stands for no other process.
  const pid_t parent = handle.get() < 0 ? 0 : ParentOf(process);
  if (parent == 0 || (parent != pid_ && parent != getpid())) return nullptr;
  return std::unique_ptr<HelperProcess>(new HelperProcess(
      program_, std::move(stream), process, std::move(handle), parent == getpid(), errors_));
}

void HelperProcess::Kill() { syscall(SYS_pidfd_send_signal, process_.get(), SIGKILL, nullptr, 0); }

bool HelperProcess::HasEndedWithin(Milliseconds time) {
  const auto deadline = SteadyClock::now() + time;
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - SteadyClock::now());
    pollfd end{.fd = process_.get(), .events = POLLIN, .revents = 0};
    const int ready = poll(&end, 1, static_cast<int>(std::max(left, Milliseconds(0)).count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    if (std::exchange(is_child_, false)) status_ = WaitForChild(pid_);
    return true;
  }
}

Error HelperProcess::Gone() {
  if (!HasEndedWithin(std::min<Milliseconds>(program_.patience, std::chrono::seconds(1)))) {
    Kill();
    HasEndedWithin(std::chrono::seconds(1));
    return Explained(fmt::format("{} has closed its end", program_.called));
  }
  // A shell's convention, which WaitForChild() follows.
  if (status_ > 128) {
    const int number = status_ - 128;
    const char* name = sigabbrev_np(number);
    return Explained(fmt::format("{} was killed by signal {}{}", program_.called, number,
                                 name ? fmt::format(" (SIG{})", name) : ""));
  }
  if (status_ >= 0)
    return Explained(fmt::format("{} ended with exit code {}", program_.called, status_));
  return Explained(fmt::format("{} has ended", program_.called));
}

Error HelperProcess::Hangs() {
  Kill();
  return Explained(fmt::format("{} hangs: it has said nothing for {:g} s", program_.called,
                               std::chrono::duration<double>(program_.patience).count()));
}

Error HelperProcess::Garbage(std::string_view what) {
  Kill();
  return Explained(fmt::format("{} speaks garbage: {}", program_.called, what));
}

Error HelperProcess::Explained(std::string message) const {
  // What it wrote on its way out may not have been read yet.
  errors_->Read();
  if (const std::string line = errors_->LastLine(); !line.empty())
    message += fmt::format("; it last wrote {}", Quoted(line));
  return Unavailable(std::move(message));
}

}  // namespace delstep::remote
