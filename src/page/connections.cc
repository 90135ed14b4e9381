#include "page/connections.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <utility>

namespace delstep {
namespace {

using Clock = Connection::Clock;

constexpr std::string_view kTooSlow =
    "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr std::string_view kTooLong =
    "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

/// A last word to somebody who is dropped. Nobody waits until it is heard.
void SayLast(const Connection& connection, std::string_view words) {
  // What cannot be said is not missed: the connection ends either way.
  [[maybe_unused]] const auto said =
      send(connection.socket, words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

Connection::~Connection() {
  shutdown(socket, SHUT_RDWR);
  close(socket);
}

Connections::Connections(int listening, Limits limits, Calls calls)
    : limits_(limits),
      calls_(std::move(calls)),
      listening_(listening),
      bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (std::size_t i = 0; i < limits_.threads; ++i) threads_.emplace_back([this] { Work(); });
  watch_ = std::thread([this] { Watch(); });
}

Connections::~Connections() {
  StopListening();
  {
    std::unique_lock lock(mutex_);
    ended_ = true;
    work_.notify_all();
    HangUp(SHUT_RD);
    if (!work_.wait_for(lock, limits_.grace, [this] { return answered_.empty(); }))
      HangUp(SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  close(bell_);
}

void Connections::StopListening() {
  std::thread watch;
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
    watch = std::exchange(watch_, std::thread());
  }
  if (!watch.joinable()) return;
  Ring();
  watch.join();
}

/// Whoever waits for a slow client waits no more.
void Connections::HangUp(int how) {
  for (const int socket : answered_) shutdown(socket, how);
}

void Connections::Ring() {
  const std::uint64_t once = 1;
  [[maybe_unused]] const auto rung = write(bell_, &once, sizeof once);
}

// ---- The room: one thread for all who wait.

void Connections::Watch() {
  std::vector<pollfd> polled;
  for (;;) {
    polled = {{.fd = bell_, .events = POLLIN, .revents = 0},
              {.fd = listening_, .events = POLLIN, .revents = 0}};
    for (const auto& connection : waiting_)
      polled.push_back({.fd = connection->socket, .events = POLLIN, .revents = 0});
    constexpr int kLook = 250;  // milliseconds: limits are not kept more exactly
    poll(polled.data(), polled.size(), waiting_.empty() ? -1 : kLook);
    {
      const std::lock_guard lock(mutex_);
      if (stops_) break;
    }
    // Those that leave are null until all have been looked at, so that places stay as they were.
    for (std::size_t i = 0; i < waiting_.size(); ++i)
      if (polled[i + 2].revents != 0) Read(waiting_[i]);
    std::erase(waiting_, nullptr);
    if (polled[0].revents != 0) TakeBack();
    if (polled[1].revents != 0) Accept();
    DropLate(Clock::now());
  }
  close(listening_);
  waiting_.clear();
}

void Connections::Accept() {
  const int socket = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) {
    // Without a free descriptor the call fails until somebody goes: those who wait must.
    if (errno != EMFILE && errno != ENFILE) return;
    if (!waiting_.empty()) return void(waiting_.erase(waiting_.begin()));
    constexpr std::chrono::milliseconds kPause{50};
    std::this_thread::sleep_for(kPause);
    return;
  }
  waiting_.push_back(std::make_unique<Connection>(socket));
  waiting_.back()->since = Clock::now();
}

/// Takes what has come. Who has sent a whole head, or has gone, leaves the room.
void Connections::Read(std::unique_ptr<Connection>& connection) {
  std::array<char, 16 << 10> piece;
  const ssize_t length = recv(connection->socket, piece.data(), piece.size(), MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length <= 0) {
    connection.reset();
    return;
  }
  if (connection->read.empty()) connection->since = Clock::now();
  connection->read.append(piece.data(), static_cast<std::size_t>(length));
  if (connection->HasHead()) {
    const std::lock_guard lock(mutex_);
    Enqueue(std::move(connection));
  } else if (connection->read.size() > limits_.most_head) {
    SayLast(*connection, kTooLong);
    connection.reset();
  }
}

void Connections::DropLate(Clock::time_point now) {
  for (auto& connection : waiting_) {
    const bool begins = !connection->read.empty();
    if (now - connection->since <= (begins ? limits_.head : limits_.idle)) continue;
    if (begins) SayLast(*connection, kTooSlow);
    connection.reset();
  }
  std::erase(waiting_, nullptr);
  if (waiting_.size() <= limits_.most_waiting) return;
  // In the order in which they came, so the first ones have waited longest.
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(
                                                          waiting_.size() - limits_.most_waiting));
}

/// Connections whose request has been answered. Some have sent the next one already.
void Connections::TakeBack() {
  std::uint64_t rings = 0;
  [[maybe_unused]] const auto read_ = read(bell_, &rings, sizeof rings);
  const std::lock_guard lock(mutex_);
  for (auto& connection : returned_) {
    connection->since = Clock::now();
    if (connection->HasHead()) {
      Enqueue(std::move(connection));
    } else {
      waiting_.push_back(std::move(connection));
    }
  }
  returned_.clear();
}

// ---- The pool.

/// With the lock.
void Connections::Enqueue(std::unique_ptr<Connection> connection) {
  const bool first = calls_.goes_first && calls_.goes_first(*connection);
  (first ? first_ : others_).push_back(std::move(connection));
  work_.notify_all();  // not each thread may take each
}

void Connections::Work() {
  const auto may_take_others = [this] {
    return !others_.empty() && others_busy_ + limits_.kept < limits_.threads;
  };
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [&] { return ended_ || !first_.empty() || may_take_others(); });
    if (ended_) return;
    Queue& queue = first_.empty() ? others_ : first_;
    const std::size_t other = first_.empty() ? 1 : 0;
    std::unique_ptr<Connection> connection = std::move(queue.front());
    queue.pop_front();
    answered_.insert(connection->socket);
    others_busy_ += other;
    lock.unlock();
    const bool stays = calls_.answer(*connection);
    lock.lock();
    // While the lock is held its number is nobody else's.
    answered_.erase(connection->socket);
    others_busy_ -= other;
    work_.notify_all();
    if (!stays || stops_) continue;
    returned_.push_back(std::move(connection));
    Ring();
  }
}

}  // namespace delstep
