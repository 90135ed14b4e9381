// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/wire.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "network/ns3/helper/refusal.h"
#include "network/ns3/helper/watchdog.h"

namespace delstep_ns3 {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;
constexpr std::size_t kMostAtOnce = 8;        // descriptors with one read
constexpr std::size_t kMostDescriptors = 64;  // waiting; more are closed

}  // namespace

bool Wire::Read(std::string_view& line) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', scanned_);
    if (end != std::string::npos) {
      line = std::string_view(buffer_).substr(begin_, end - begin_);
      begin_ = scanned_ = end + 1;
      return true;
    }
    scanned_ = buffer_.size();
    if (scanned_ - begin_ > kLongestLine)
      throw Refusal{"a line is longer than 64 MiB", "break what it asks for into several lines"};
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
    if (!Fill()) return false;
  }
}

bool Wire::Fill() {
  const std::size_t size = buffer_.size();
  buffer_.resize(size + kChunk);
  iovec bytes{.iov_base = buffer_.data() + size, .iov_len = kChunk};
  alignas(cmsghdr) char control[CMSG_SPACE(kMostAtOnce * sizeof(int))];
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const auto receive = [&message](int flags) {
    ssize_t got = 0;
    do got = recvmsg(watchdog::kSocket, &message, MSG_CMSG_CLOEXEC | flags);
    while (got < 0 && errno == EINTR);
    return got;
  };
  // While there is nothing to do, silence is what the simulator expects. But where lines come
  // faster than they are done, it may be waiting for an answer far behind them.
  ssize_t got = receive(MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    watchdog::Rest();
    got = receive(0);
    watchdog::Work();
  }
  buffer_.resize(size + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got <= 0) return false;
  // Descriptors come with the bytes that they were sent with, so never after their line.
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t i = 0; CMSG_LEN((i + 1) * sizeof(int)) <= part->cmsg_len; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
      if (descriptors_.size() < kMostDescriptors)
        descriptors_.push_back(descriptor);
      else
        close(descriptor);
    }
  }
  return true;
}

void Wire::Write(std::string_view line) {
  // A sign of life must not come in the middle of it.
  watchdog::Rest();
  std::string bytes(line);
  bytes += '\n';
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t more =
        send(watchdog::kSocket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) _exit(0);
    sent += static_cast<std::size_t>(more);
  }
  watchdog::Work();
}

int Wire::TakeDescriptor() {
  if (descriptors_.empty()) return -1;
  const int descriptor = descriptors_.front();
  descriptors_.pop_front();
  return descriptor;
}

void Wire::Become(int socket) {
  dup2(socket, watchdog::kSocket);
  if (socket != watchdog::kSocket) close(socket);
  for (const int other : descriptors_) close(other);
  descriptors_.clear();
  buffer_.clear();
  begin_ = scanned_ = 0;
  // A copy starts without its original's timer.
  watchdog::Work();
}

}  // namespace delstep_ns3
