#include "page/connections.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace delstep {
namespace {

constexpr std::string_view kWhole = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kHalf = "GET / HTTP/1.1\r\nHo";

/// A server that answers "ok" to each head, and ends the connections of those that say "bye".
class ConnectionsTest : public testing::Test {
 protected:
  void Start(Connections::Limits limits, Connections::Calls calls = {.answer = SayOk}) {
    const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address_ = {};
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    ASSERT_EQ(bind(listening, reinterpret_cast<sockaddr*>(&address_), size), 0);
    ASSERT_EQ(listen(listening, 100), 0);
    ASSERT_EQ(getsockname(listening, reinterpret_cast<sockaddr*>(&address_), &size), 0);
    connections_.emplace(listening, limits, std::move(calls));
  }
  static bool SayOk(Connection& connection) {
    const std::string head = connection.read.substr(0, connection.read.find("\r\n\r\n") + 4);
    connection.read.erase(0, head.size());
    send(connection.socket, "ok", 2, MSG_NOSIGNAL);
    return head.find("bye") == std::string::npos;
  }
  /// A client's end.
  std::unique_ptr<Connection> Connect() const {
    auto client = std::make_unique<Connection>(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(
        connect(client->socket, reinterpret_cast<const sockaddr*>(&address_), sizeof address_), 0);
    return client;
  }
  static void Say(const Connection& client, std::string_view words) {
    EXPECT_EQ(send(client.socket, words.data(), words.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(words.size()));
  }
  /// Waits for it; "": the connection has ended.
  static std::string Hear(const Connection& client) {
    std::array<char, 1000> words{};
    const ssize_t length = recv(client.socket, words.data(), words.size(), 0);
    return {words.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
  }

  sockaddr_in address_{};
  std::optional<Connections> connections_;
};

TEST_F(ConnectionsTest, HalfHeadsHoldNoThread) {
  Start({.threads = 1, .kept = 0});
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back(Connect());
    Say(*slow.back(), kHalf);
  }
  const auto client = Connect();
  Say(*client, kWhole);
  EXPECT_EQ(Hear(*client), "ok");
  // And who has dawdled is answered in the end.
  Say(*slow.front(), "st: x\r\n\r\n");
  EXPECT_EQ(Hear(*slow.front()), "ok");
}

TEST_F(ConnectionsTest, AConnectionHasOneRequestAfterTheOther) {
  Start({.threads = 1, .kept = 0});
  const auto client = Connect();
  for (int i = 0; i < 3; ++i) {
    Say(*client, kWhole);
    EXPECT_EQ(Hear(*client), "ok");
  }
  // The second one comes with the first.
  Say(*client, "GET / HTTP/1.1\r\n\r\nGET /bye HTTP/1.1\r\n\r\n");
  std::string heard;
  for (std::string more = Hear(*client); !more.empty(); more = Hear(*client)) heard += more;
  EXPECT_EQ(heard, "okok");
}

TEST_F(ConnectionsTest, TheOneThatHasWaitedLongestGoesWhereTooManyWait) {
  Start({.threads = 1, .kept = 0, .most_waiting = 3});
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 4; ++i) {
    slow.push_back(Connect());
    Say(*slow.back(), kHalf);
  }
  EXPECT_EQ(Hear(*slow[0]), "");
  for (std::size_t i = 2; i < 4; ++i) {
    Say(*slow[i], "st: x\r\n\r\n");
    EXPECT_EQ(Hear(*slow[i]), "ok");
  }
}

TEST_F(ConnectionsTest, AHeadHasATimeAndALength) {
  Start({.threads = 1, .kept = 0, .most_head = 100, .head = std::chrono::milliseconds(1)});
  const auto slow = Connect();
  Say(*slow, kHalf);
  EXPECT_TRUE(Hear(*slow).starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(Hear(*slow), "");
  connections_.reset();
  Start({.threads = 1, .kept = 0, .most_head = 100});
  const auto longish = Connect();
  Say(*longish, "GET /" + std::string(100, 'x'));
  EXPECT_TRUE(Hear(*longish).starts_with("HTTP/1.1 431 "));
}

TEST_F(ConnectionsTest, WhoNeverAsksIsDropped) {
  Start({.threads = 1, .kept = 0, .idle = std::chrono::milliseconds(1)});
  EXPECT_EQ(Hear(*Connect()), "");
}

TEST_F(ConnectionsTest, SomeThreadsAreKeptForThoseWhoGoFirst) {
  // Of two threads one is kept. Whoever does not go first holds its thread until it has sent more.
  const auto answer = [](Connection& connection) {
    char byte = 0;
    if (connection.read.starts_with("GET /slow")) recv(connection.socket, &byte, 1, 0);
    return SayOk(connection);
  };
  const auto goes_first = [](const Connection& connection) {
    return connection.read.starts_with("GET /first");
  };
  Start({.threads = 2, .kept = 1}, {.answer = answer, .goes_first = goes_first});
  std::vector<std::unique_ptr<Connection>> slow;
  for (int i = 0; i < 5; ++i) {
    slow.push_back(Connect());
    Say(*slow.back(), "GET /slow HTTP/1.1\r\n\r\n");
  }
  const auto first = Connect();
  for (int i = 0; i < 3; ++i) {
    Say(*first, "GET /first HTTP/1.1\r\n\r\n");
    EXPECT_EQ(Hear(*first), "ok");
  }
  for (const auto& client : slow) Say(*client, "x");
  for (const auto& client : slow) EXPECT_EQ(Hear(*client), "ok");
}

TEST_F(ConnectionsTest, TheEndWaitsForNobodyWhoDawdles) {
  // Answers by reading on, as if there were a body, and then by more than anybody takes.
  std::atomic<int> ends = 0;
  const std::string much(std::size_t{32} << 20, 'x');
  const auto answer = [&](Connection& connection) {
    char byte = 0;
    if (connection.read.starts_with("POST"))
      while (recv(connection.socket, &byte, 1, 0) > 0) {
      }
    else
      send(connection.socket, much.data(), much.size(), MSG_NOSIGNAL);
    ++ends;
    return false;
  };
  Start({.threads = 2, .kept = 0, .grace = std::chrono::milliseconds(1)}, {.answer = answer});
  const auto body = Connect(), slow = Connect();
  Say(*body, "POST / HTTP/1.1\r\n\r\n{");
  Say(*slow, kWhole);
  EXPECT_EQ(recv(slow->socket, std::array<char, 1>().data(), 1, 0), 1);
  connections_.reset();
  EXPECT_GE(ends, 1);
}

TEST_F(ConnectionsTest, AfterStoppingNobodyIsLetIn) {
  Start({.threads = 1, .kept = 0});
  const auto waiting = Connect();
  Say(*waiting, kHalf);
  connections_->StopListening();
  EXPECT_EQ(Hear(*waiting), "");
  const Connection late(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_NE(connect(late.socket, reinterpret_cast<const sockaddr*>(&address_), sizeof address_), 0);
}

}  // namespace
}  // namespace delstep
