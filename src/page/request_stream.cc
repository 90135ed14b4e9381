#include "page/request_stream.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace delstep {
namespace {

using Clock = RequestStream::Clock;

/// Waits until the socket can be read or written. False: it is too late.
bool WaitFor(int socket, short events, Clock::time_point until) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    pollfd polled{.fd = socket, .events = events, .revents = 0};
    const int found = poll(&polled, 1, static_cast<int>(left) + 1);
    if (found > 0) return true;
    if (found < 0 && errno != EINTR) return false;
  }
}

using NameOf = int (*)(int, sockaddr*, socklen_t*);

/// Number and port of one end of the connection. IPv4 as such also where the socket is of IPv6.
std::pair<std::string, int> EndOf(int socket, NameOf name_of) {
  sockaddr_storage end{};
  socklen_t size = sizeof end;
  if (name_of(socket, reinterpret_cast<sockaddr*>(&end), &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (end.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(end);
    inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
    return {text.data(), ntohs(four.sin_port)};
  }
  if (end.ss_family != AF_INET6) return {};
  const auto& six = reinterpret_cast<const sockaddr_in6&>(end);
  if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr))
    inet_ntop(AF_INET, &six.sin6_addr.s6_addr[12], text.data(), text.size());
  else
    inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
  return {text.data(), ntohs(six.sin6_port)};
}

}  // namespace

void RequestStream::BeginBody(const httplib::Request& request) {
  used_ = 0;
  if (request.has_header("Content-Length"))
    length_ = ParseUnsigned(request.get_header_value("Content-Length"));
  has_body_ = request.has_header("Transfer-Encoding") ||
              (request.has_header("Content-Length") && length_ != std::size_t{0});
  if (request.has_header("Transfer-Encoding")) length_.reset();  // nobody knows where it ends
}

bool RequestStream::is_readable() const {
  return taken_ < connection_.read.size() ||
         WaitFor(connection_.socket, POLLIN, std::min(body_until_, Clock::now() + kStall));
}
bool RequestStream::is_writable() const {
  return WaitFor(connection_.socket, POLLOUT, Clock::now() + kStall);
}

/// More of the request, when all that was read before is used. False: there is none, or too late.
bool RequestStream::Fill() {
  connection_.read.clear();
  taken_ = 0;
  std::array<char, 16 << 10> piece;
  for (;;) {
    const ssize_t length = recv(connection_.socket, piece.data(), piece.size(), MSG_DONTWAIT);
    if (length > 0) {
      connection_.read.assign(piece.data(), static_cast<std::size_t>(length));
      return true;
    }
    if (length == 0 || (errno != EAGAIN && errno != EINTR)) return false;
    if (!WaitFor(connection_.socket, POLLIN, body_until_)) return false;
  }
}

ssize_t RequestStream::read(char* to, std::size_t size) {
  if (taken_ == connection_.read.size() && !Fill()) return -1;
  const std::size_t length = std::min(size, connection_.read.size() - taken_);
  std::memcpy(to, connection_.read.data() + taken_, length);
  taken_ += length;
  used_ += length;
  return static_cast<ssize_t>(length);
}

ssize_t RequestStream::write(const char* from, std::size_t size) {
  if (!answer_until_) answer_until_ = Clock::now() + kAnswer;
  for (;;) {
    const ssize_t length = send(connection_.socket, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (length >= 0) return length;
    if (errno != EAGAIN && errno != EINTR) return -1;
    const auto stall = Clock::now() + kStall;
    if (!WaitFor(connection_.socket, POLLOUT, has_end_ ? std::min(stall, *answer_until_) : stall))
      return -1;
  }
}

void RequestStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  std::tie(ip, port) = EndOf(connection_.socket, getpeername);
}
void RequestStream::get_local_ip_and_port(std::string& ip, int& port) const {
  std::tie(ip, port) = EndOf(connection_.socket, getsockname);
}

bool RequestAnswerer::Answer(Connection& connection) {
  RequestStream stream(connection);
  bool closes = false;
  const bool answered =
      process_request(stream, /*close_connection=*/false, closes, [&](httplib::Request& request) {
        if (request.path == "/api/stream") stream.HasNoEnd();
        stream.BeginBody(request);
      });
  // After a body that nobody has read, its rest would be taken as the next request.
  const bool stays = answered && !closes && stream.IsAtEnd();
  stream.Forget();
  return stays;
}

}  // namespace delstep
