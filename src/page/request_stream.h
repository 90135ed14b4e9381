#pragma once
/// A connection as the library of HTTP reads and writes it: with limits of time for the whole of a
/// request and of its answer, where the library's own are for each read and each write.
#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "page/connections.h"

namespace delstep {

class RequestStream : public httplib::Stream {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kBody{20};     ///< until it has come
  static constexpr std::chrono::seconds kAnswer{120};  ///< from its first byte until it is taken
  static constexpr std::chrono::seconds kStall{5};     ///< until a single piece of it is taken

  explicit RequestStream(Connection& connection)
      : connection_(connection), body_until_(Clock::now() + kBody) {}

  /// The answer lasts as long as the session does: only its pieces are timed.
  void HasNoEnd() { has_end_ = false; }
  /// The head has been used up; what follows is the body of `request`.
  void BeginBody(const httplib::Request& request);
  /// Whether all of the request has been used, so that what comes next is another one.
  bool IsAtEnd() const { return !has_body_ || (length_ && used_ >= *length_); }
  /// What has been used leaves the connection; what has come of the next request stays.
  void Forget() { connection_.read.erase(0, std::exchange(taken_, 0)); }

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* to, std::size_t size) override;
  ssize_t write(const char* from, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  int socket() const override { return connection_.socket; }

 private:
  bool Fill();

  Connection& connection_;
  std::size_t taken_ = 0;  // of what `connection_` has read
  const Clock::time_point body_until_;
  std::optional<Clock::time_point> answer_until_;
  bool has_end_ = true, has_body_ = false;
  std::optional<std::size_t> length_;  // of the body, where it is told
  std::size_t used_ = 0;               // of the body
};

/// The library's server, which accepts no connections by itself: whoever calls has a request's head.
class RequestAnswerer : public httplib::Server {
 public:
  /// True: the connection is fit for another request.
  bool Answer(Connection& connection);
  int listening() const { return svr_sock_; }
};

}  // namespace delstep
