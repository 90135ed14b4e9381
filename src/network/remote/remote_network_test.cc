// What a helper program can do wrong, and what is left of it then: nothing.
#include "network/remote/remote_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "tests/fakes/fake_helper.h"

namespace delstep::remote {
namespace {

using namespace std::chrono_literals;
using fakes::FakeBackend;
using testing::HasSubstr;

/// A word on the command line of this test's helpers, which their copies have too.
std::string Mark() { return "of-test-" + std::to_string(getpid()); }

/// The helpers that are alive.
std::vector<pid_t> Helpers(const std::string& mark = Mark()) {
  std::vector<pid_t> helpers;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (!std::isdigit(static_cast<unsigned char>(entry.path().filename().string()[0]))) continue;
    std::ifstream file(entry.path() / "cmdline");
    const std::string words{std::istreambuf_iterator<char>(file), {}};
    if (words.find("fake_helper") != std::string::npos && words.find(mark) != std::string::npos)
      helpers.push_back(std::stoi(entry.path().filename()));
  }
  return helpers;
}

/// Waits until no more than so many are left; a copy of a helper is not ours to wait for.
void AwaitHelpers(std::size_t most, const std::string& mark = Mark()) {
  while (Helpers(mark).size() > most) std::this_thread::yield();
}

std::size_t Descriptors() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

bool HasChildren() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

class RemoteNetworkTest : public testing::Test {
 protected:
  ~RemoteNetworkTest() override {
    AwaitHelpers(0);
    EXPECT_FALSE(HasChildren());
    EXPECT_EQ(Descriptors(), descriptors_);
  }

  /// Three nodes; links take 10 ms, that from 0 to 2 takes 20 ms. Lines 1 to 5.
  static std::unique_ptr<Network> Make(std::vector<std::string> arguments = {},
                                       std::chrono::milliseconds patience = 10s) {
    Backend backend = BackendOf(std::move(arguments), patience);
    backend.link.latency.a = 10ms;
    auto network = MakeRemoteNetwork(std::move(backend));
    EXPECT_TRUE(network) << (network ? "" : network.error().message);
    for (const std::uint32_t node : {0u, 1u, 2u}) EXPECT_TRUE((*network)->Attach(NodeId{node}));
    EXPECT_TRUE((*network)->SetLink(NodeId{0}, NodeId{2},
                                    {.latency = {Latency::Kind::kConstant, 20ms, {}}}));
    return *std::move(network);
  }
  static Backend BackendOf(std::vector<std::string> arguments = {},
                           std::chrono::milliseconds patience = 10s) {
    arguments.insert(arguments.end(), {"--note", Mark()});
    Backend backend = FakeBackend(std::move(arguments));
    backend.program.patience = patience;
    return backend;
  }
  static void Send(Network& network, std::uint64_t id, std::uint32_t to) {
    EXPECT_TRUE(network.Send({MessageId{id}, NodeId{0}, NodeId{to}, 1000}));
  }
  /// Messages 1 and 2 are on the way to nodes 1 and 2, for 1 ms already. Lines 6 to 8.
  static void SendTwo(Network& network) {
    Send(network, 1, 1);
    Send(network, 2, 2);
    EXPECT_TRUE(network.AdvanceTo(SimTime{1ms}));
  }
  static std::vector<Duration> Ends(const Result<Passage>& passage) {
    std::vector<Duration> ends;
    EXPECT_TRUE(passage) << (passage ? "" : passage.error().message);
    if (passage)
      for (const Outcome& outcome : *passage) ends.push_back(outcome.at.time_since_epoch());
    return ends;
  }

 private:
  const std::size_t descriptors_ = Descriptors();
};

/// The ninth line asks for the messages to end; there it goes wrong.
void ExpectFault(Network& network, const std::string& what) {
  const auto passage = network.Drain();
  ASSERT_FALSE(passage);
  EXPECT_EQ(passage.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(passage.error().message, HasSubstr(what));
  ASSERT_TRUE(network.failure());
  EXPECT_EQ(network.failure()->message, passage.error().message);
  EXPECT_EQ(network.now(), SimTime{1ms});
  EXPECT_EQ(network.in_flight(), 2u) << "what became of them is for the core to say";
  // Nothing of it is alive, though the network is still there.
  AwaitHelpers(0);
  EXPECT_EQ(network.AdvanceTo(SimTime{2ms}).error().message, passage.error().message);
  EXPECT_EQ(network.Attach(NodeId{9}).error().code, ErrorCode::kUnavailable);
  // A copy of a network that has gone has gone too.
  const auto copy = network.Clone();
  ASSERT_TRUE(copy);
  EXPECT_TRUE((*copy)->failure());
}

struct Fault {
  std::vector<std::string> arguments;
  std::string what;  ///< part of the message
  std::chrono::milliseconds patience = 10s;
};

TEST_F(RemoteNetworkTest, AHelperThatFailsEndsTheNetworkAndSaysWhy) {
  const Fault faults[] = {
      {{"--fault", "die", "--exit", "3"}, "fake ended with exit code 3; it last wrote \"of-test-"},
      {{"--fault", "die", "--signal", "9"}, "fake was killed by signal 9 (SIGKILL)"},
      {{"--fault", "die-in-answer", "--signal", "11"}, "fake was killed by signal 11 (SIGSEGV)"},
      {{"--fault", "close"}, "fake has closed its end", 300ms},
      {{"--fault", "hang"}, "fake hangs: it has said nothing for 0.3 s", 300ms},
      {{"--fault", "hang-in-answer"}, "fake hangs", 300ms},
      {{"--fault", "garbage"}, "fake speaks garbage: no JSON object in \"Segmentation fault\""},
      {{"--fault", "wrong-kind"}, "fake speaks garbage: this is no answer to what was asked"},
      {{"--fault", "endless"}, "fake speaks garbage: it says more than 64 MiB"},
      {{"--fault", "flood"}, "it last wrote \"the last word\""},
      {{"--fault", "refuse"}, "this cannot be done"},
      {{"--fault", "back"}, "its clock goes back"},
      {{"--fault", "ahead"}, "it did not stop where it was asked to"},
      {{"--fault", "twice"}, "more rows than messages are on the way"},
      {{"--fault", "unknown"}, "message 4711 ends, and is not on the way"},
      {{"--fault", "unordered"}, "is out of order"},
      {{"--fault", "another-time"}, "message 2 was sent at another time"},
      {{"--fault", "future"}, "message 2 ends in the future"},
      {{"--fault", "forgets"}, "it did not stop where it was asked to"},
  };
  for (const Fault& fault : faults) {
    SCOPED_TRACE(fault.arguments[1]);
    std::vector<std::string> arguments = fault.arguments;
    arguments.insert(arguments.end(), {"--at", "9"});
    const auto network = Make(arguments, fault.patience);
    SendTwo(*network);
    ExpectFault(*network, fault.what);
  }
}

TEST_F(RemoteNetworkTest, TheErrorOfTheHelperComesWithItsHint) {
  const auto network = Make({"--fault", "refuse", "--at", "9"});
  SendTwo(*network);
  EXPECT_EQ(network->Drain().error().hint, "do without");
}

TEST_F(RemoteNetworkTest, ADeadHelperCanBeStartedAgain) {
  const auto network = Make({"--fault", "die", "--at", "9"});
  SendTwo(*network);
  EXPECT_THAT(network->Drain().error().hint, HasSubstr("`network restart`"));
}

TEST_F(RemoteNetworkTest, ASessionDoesNotBeginWithoutAHelper) {
  const auto fails = [](Backend backend, const std::string& what) {
    const auto network = MakeRemoteNetwork(std::move(backend));
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(network.error().message, HasSubstr(what));
  };
  fails(BackendOf({"--fault", "die", "--at", "1", "--exit", "4"}), "ended with exit code 4");
  fails(BackendOf({"--fault", "garbage", "--at", "1"}), "speaks garbage");
  fails(BackendOf({"--fault", "hang", "--at", "1"}, 100ms), "hangs");
  Backend absent = BackendOf();
  absent.program.words = {"/nowhere/helper"};
  fails(absent, "cannot start /nowhere/helper");
}

TEST_F(RemoteNetworkTest, SignsOfLifeAreNoAnswer) {
  const auto network = Make({"--fault", "alive", "--at", "9"});
  SendTwo(*network);
  EXPECT_EQ(Ends(network->Drain()), (std::vector<Duration>{10ms, 20ms}));
}

// What is told is longer than the stream holds, and so is what comes back.
TEST_F(RemoteNetworkTest, NoFullPipeStopsIt) {
  const auto network = Make();
  constexpr std::uint64_t kMany = 20'000;
  for (std::uint64_t id = 0; id < kMany; ++id) Send(*network, id, 1);
  EXPECT_EQ(Ends(network->Drain()).size(), kMany);
}

TEST_F(RemoteNetworkTest, AHelperThatIsKilledBetweenTwoCallsEndsTheNetwork) {
  const auto network = Make();
  SendTwo(*network);
  const auto copy = *network->Clone();
  for (const pid_t helper : Helpers()) kill(helper, SIGKILL);
  const auto passage = network->Drain();
  ASSERT_FALSE(passage);
  EXPECT_THAT(passage.error().message, HasSubstr("killed by signal 9"));
  EXPECT_TRUE(network->failure());
  // The copy never spoke to its process: nothing of it is lost, a fresh one plays the journal.
  EXPECT_EQ(Ends(copy->Drain()), (std::vector<Duration>{10ms, 20ms}));
}

// A moment is kept while the helper is dead, before anybody has noticed.
TEST_F(RemoteNetworkTest, ACopyOfANetworkWhoseHelperWasKilledGoesOnAndTheNetworkDoesNot) {
  const auto network = Make();
  SendTwo(*network);
  for (const pid_t helper : Helpers()) kill(helper, SIGKILL);
  const auto copy = *network->Clone();
  EXPECT_THAT(network->Drain().error().message, HasSubstr("killed by signal 9"));
  EXPECT_EQ(Ends(copy->Drain()), (std::vector<Duration>{10ms, 20ms}));
}

TEST_F(RemoteNetworkTest, AFewProcessesServeAnyNumberOfCopies) {
  const auto network = Make();
  std::vector<std::unique_ptr<Network>> moments;
  for (std::uint64_t id = 0; id < 60; ++id) {
    Send(*network, id, 2);
    EXPECT_TRUE(network->AdvanceTo(network->now() + 1ms));
    moments.push_back(*network->Clone());
    ASSERT_LE(Helpers().size(), 26u) << "24, and those that are just ending";
  }
  // In moment i the time is i + 1 ms; message k left at k ms and takes 20 ms.
  for (std::size_t i = 0; i < moments.size(); ++i) {
    std::vector<Duration> expected;
    for (std::size_t k = i < 19 ? 0 : i - 18; k <= i; ++k) expected.push_back(20ms + k * 1ms);
    EXPECT_EQ(Ends(moments[i]->Drain()), expected) << i;
  }
}

// Four threads take copies of the same moment, more than there may be processes.
TEST_F(RemoteNetworkTest, CopiesMayBeUsedInOtherThreads) {
  const auto network = Make();
  SendTwo(*network);
  const auto moment = *network->Clone();
  std::vector<std::vector<Duration>> ends(40);
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      std::vector<std::unique_ptr<Network>> copies;
      for (int copy = 0; copy < 10; ++copy) copies.push_back(*moment->Clone());
      for (std::size_t copy = 0; copy < 10; ++copy)
        ends[thread * 10 + copy] = Ends(copies[copy]->Drain());
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(ends, testing::Each(std::vector<Duration>{10ms, 20ms}));
}

TEST_F(RemoteNetworkTest, AHelperCannotHaveAStrangerKilled) {
  const auto network = Make({"--fault", "fork-stranger"});
  SendTwo(*network);
  const auto copy = network->Clone();
  ASSERT_TRUE(copy);
  EXPECT_EQ(Ends((*copy)->Drain()), (std::vector<Duration>{10ms, 20ms}));
  EXPECT_EQ(Ends(network->Drain()), (std::vector<Duration>{10ms, 20ms}));
}

TEST_F(RemoteNetworkTest, TheClockCanBeginAtAnyTime) {
  auto network = *MakeRemoteNetwork(BackendOf());
  network->StartAt(SimTime{1h});
  for (const std::uint32_t node : {0u, 1u}) ASSERT_TRUE(network->Attach(NodeId{node}));
  ASSERT_TRUE(network->SetDefaultLink({.latency = {Latency::Kind::kConstant, 5ms, {}}}));
  Send(*network, 1, 1);
  const auto passage = network->AdvanceToNext(SimTime{2h});
  ASSERT_EQ(Ends(passage), (std::vector<Duration>{1h + 5ms}));
  EXPECT_EQ(passage->front().sent, SimTime{1h});
  EXPECT_EQ(network->now(), SimTime{1h + 5ms});
  auto loaded = *MakeRemoteNetwork(BackendOf());
  ASSERT_TRUE(loaded->Load(*network->Save()));
  Send(*loaded, 2, 1);
  EXPECT_EQ(Ends(loaded->Drain()), (std::vector<Duration>{1h + 10ms}));
}

TEST_F(RemoteNetworkTest, WhatTheBackendCannotDoIsRefusedByTheNameOfTheKey) {
  Backend backend = BackendOf();
  backend.traits.random_latency = backend.traits.single_links = false;
  auto network = *MakeRemoteNetwork(backend);
  for (const std::uint32_t node : {0u, 1u}) ASSERT_TRUE(network->Attach(NodeId{node}));
  const auto refused = [](const Result<void>& result, const std::string& key) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kRefused);
    EXPECT_EQ(result.error().key, key);
  };
  refused(network->SetDefaultLink({.latency = {Latency::Kind::kExponential, 1ms, {}}}),
          "network.latency");
  refused(network->SetLink(NodeId{0}, NodeId{1}, {.loss = 0.5}), "network.loss");
  refused(network->SetLink(NodeId{0}, NodeId{1}, {.bandwidth = 1e6}), "network.bandwidth");
  EXPECT_TRUE(network->SetLink(NodeId{0}, NodeId{1}, {.up = false}));
  // The link could not keep the loss that it has.
  refused(network->SetDefaultLink({.loss = 0.5}), "network.loss");
  EXPECT_TRUE(network->ClearLink(NodeId{0}, NodeId{1}));
  EXPECT_TRUE(network->SetDefaultLink({.loss = 0.5}));
  EXPECT_FALSE(network->failure());
  // In the configuration it is a wrong word.
  backend.link.latency = {Latency::Kind::kUniform, 1ms, 2ms};
  const auto made = MakeRemoteNetwork(backend);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kUsage);
  EXPECT_EQ(made.error().key, "network.latency");
}

// The system closes the streams of a program that is killed.
TEST_F(RemoteNetworkTest, NothingIsLeftOfAProgramThatIsKilled) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t program = fork();
  if (program == 0) {
    const auto network = Make();
    SendTwo(*network);
    const auto copy = *network->Clone();
    const auto mark = Mark();
    [[maybe_unused]] const ssize_t told = write(ready[1], mark.data(), mark.size());
    for (;;) pause();
  }
  char mark[64] = {};
  EXPECT_GT(read(ready[0], mark, sizeof mark - 1), 0);
  EXPECT_EQ(Helpers(mark).size(), 2u);
  kill(program, SIGKILL);
  waitpid(program, nullptr, 0);
  AwaitHelpers(0, mark);
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace delstep::remote
