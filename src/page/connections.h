#pragma once
/// The connections of the page's server, from when they are opened to when they end.
///
/// A thread per connection would let anybody stop the server: a hundred connections that send a byte
/// of their request per second hold a hundred threads. So a connection waits for the end of its
/// request's head without a thread, in a room with a clock. Only then a thread of a pool answers it.
/// Afterwards it waits in the room again, for its next request.
///
///   Connections connections(listening, {.threads = 96}, {.answer = [&](Connection& connection) {
///     return Answer(connection);  // true: it may stay for another request
///   }});
///
/// Whoever dawdles is dropped: with a head that is not whole `head` after its first byte (408), with
/// one longer than `most_head` (431), without a request for `idle`, and whoever has waited longest
/// where more than `most_waiting` wait. A head of an honest browser comes in one piece. And some
/// threads are kept for those who go first, so that slow readers cannot take them all.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace delstep {

/// A socket, and what has been read from it that nobody has used yet. Closes the socket.
struct Connection {
  explicit Connection(int opened) : socket(opened) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Whether a whole head has been read.
  bool HasHead() const { return read.find("\r\n\r\n") != std::string::npos; }

  using Clock = std::chrono::steady_clock;
  const int socket;
  std::string read{};
  Clock::time_point since{};  ///< in the room: when it came, or when its head began
};

class Connections {
 public:
  struct Limits {
    std::size_t threads = 96;
    std::size_t kept = 8;            ///< of the threads, for those who go first; fewer than all
    std::size_t most_waiting = 512;  ///< connections without a whole head
    std::size_t most_head = std::size_t{64} << 10;  ///< bytes
    std::chrono::milliseconds head{10'000};
    std::chrono::milliseconds idle{30'000};
    std::chrono::milliseconds grace{2'000};  ///< at the end
  };
  struct Calls {
    /// Answers one request, whose head has been read. True: it leaves the connection fit for another.
    /// Threads: `threads` of them at the same time.
    std::function<bool(Connection&)> answer;
    /// Whether who sends this head goes first. None: nobody does.
    std::function<bool(const Connection&)> goes_first{};
  };

  /// Owns `listening`, a socket that listens already.
  Connections(int listening, Limits limits, Calls calls);
  /// Waits for the requests that are being answered. Of those that have not come yet nothing more is
  /// read, and who has not taken an answer after `grace` does not get the rest.
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Nobody new is let in, who waits is dropped, and the port is free at once. Requests go on; their
  /// connections end with them. Threads: any.
  void StopListening();

 private:
  using Waiting = std::vector<std::unique_ptr<Connection>>;
  void Watch();
  void Accept();
  void Read(std::unique_ptr<Connection>& connection);
  void DropLate(Connection::Clock::time_point now);
  void TakeBack();
  void Enqueue(std::unique_ptr<Connection> connection);
  void Work();
  void Ring();
  void HangUp(int how);

  const Limits limits_;
  const Calls calls_;
  int listening_;  // of the thread that watches, as is the next one
  Waiting waiting_;
  int bell_;  // wakes the thread that watches

  std::mutex mutex_;
  std::condition_variable work_;
  using Queue = std::deque<std::unique_ptr<Connection>>;
  Queue first_, others_;         // with a whole head; guarded by mutex_, as are the next six
  std::size_t others_busy_ = 0;  // of those that are being answered
  Waiting returned_;
  std::set<int> answered_;  // sockets of those that are being answered
  bool stops_ = false, ended_ = false;
  std::vector<std::thread> threads_;
  std::thread watch_;
};

}  // namespace delstep
