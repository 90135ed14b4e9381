// What the simulator's side promises of Mininet, on machines that allow it.
#include "network/mininet/mininet_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

namespace delstep {
namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

/// The processes that this one has started, and those that they have started.
std::set<pid_t> Descendants() {
  std::set<pid_t> family{getpid()};
  for (std::size_t known = 0; known != family.size();) {
    known = family.size();
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      if (!std::isdigit(static_cast<unsigned char>(entry.path().filename().string()[0]))) continue;
      std::ifstream file(entry.path() / "stat");
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      // "PID (NAME) STATE PARENT ..."
      const std::size_t end = text.rfind(')');
      if (end == std::string::npos) continue;
      if (family.contains(std::stoi(text.substr(end + 4)))) family.insert(std::stoi(text));
    }
  }
  family.erase(getpid());
  return family;
}

bool IsThere(pid_t process) { return std::filesystem::exists("/proc/" + std::to_string(process)); }

TEST(MininetNetwork, OptionsThatItCannotFollowAreRefusedByTheirKey) {
  const auto refuses = [](const std::string& key, auto change) {
    Scenario scenario;
    change(scenario);
    const auto network = MakeMininetNetwork(scenario);
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().code, ErrorCode::kUsage) << network.error().message;
    EXPECT_EQ(network.error().key, key);
  };
  refuses("network.sharing", [](Scenario& s) { s.network.sharing = "uplink"; });
  refuses("network.up", [](Scenario& s) { s.network.up = 1e6; });
  refuses("network.bandwidth", [](Scenario& s) { s.network.link.bandwidth = 50; });
  refuses("network.latency", [](Scenario& s) {
    s.network.link.latency = {Latency::Kind::kNormal, 1ms, 2ms};
  });
}

TEST(MininetNetwork, CarriesMessagesUntilItIsKilledAndLeavesNothing) {
  auto made = MakeMininetNetwork({});
  if (!made && made.error().code == ErrorCode::kUnavailable)
    GTEST_SKIP() << "Mininet IS NOT TESTED: " << made.error().message << "; " << made.error().hint;
  ASSERT_TRUE(made) << made.error().message;
  Network& network = **made;
  EXPECT_THAT(MininetVersion(), StartsWith("Mininet "));
  EXPECT_EQ(network.traits().version, MininetVersion());
  for (const std::uint32_t node : {0u, 1u}) ASSERT_TRUE(network.Attach(NodeId{node}));
  // 10,000 bytes at 1 Mbit/s are 80 ms, and then 20 ms on the way.
  ASSERT_TRUE(
      network.SetDefaultLink({.latency = {Latency::Kind::kConstant, 20ms, {}}, .bandwidth = 1e6}));
  ASSERT_TRUE(network.Send({MessageId{1}, NodeId{0}, NodeId{1}, 10'000}));
  const auto passage = network.Drain();
  ASSERT_TRUE(passage) << passage.error().message;
  ASSERT_EQ(passage->size(), 1u);
  EXPECT_FALSE((*passage)[0].lost);
  EXPECT_GE((*passage)[0].at, SimTime{100ms});

  ASSERT_TRUE(network.Send({MessageId{2}, NodeId{0}, NodeId{1}, 1'000'000}));  // 8 s
  ASSERT_TRUE(network.AdvanceTo(network.now() + 50ms));
  const std::set<pid_t> processes = Descendants();
  ASSERT_GE(processes.size(), 4u) << "unshare, the helper, an agent for each node";
  // The helper is the second one; the first one is unshare, which only waits for it.
  kill(*std::next(processes.begin()), SIGKILL);
  const auto after = network.AdvanceTo(network.now() + 1s);
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(after.error().message, "Mininet was killed by signal 9 (SIGKILL)");
  EXPECT_TRUE(network.failure());
  for (const pid_t process : processes)
    while (IsThere(process)) std::this_thread::yield();
}

}  // namespace
}  // namespace delstep
