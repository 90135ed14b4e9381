#include "network/mininet/mininet_network.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/beside_program.h"
#include "base/run_program.h"
#include "network/remote/remote_network.h"

namespace delstep {
namespace {

// The distribution's, which has the distribution's Mininet; another one on the path has not.
constexpr char kPython[] = "/usr/bin/python3";
constexpr double kSlowest = 100;  // bits per second

bool IsThere(const std::filesystem::path& file) {
  std::error_code failed;
  return std::filesystem::exists(file, failed);
}

// Its modules lie in the same folder, where Python looks for them.
std::filesystem::path Helper() {
  return BesideProgram(DELSTEP_MININET_HELPER, "mininet/delstep_mininet.py");
}

std::vector<std::string> Words() {
  // Networks, mounts and processes of its own: -f and --kill-child make the helper process 1 of
  // them, so that the kernel ends all others with it. -Ur makes a user root in there.
  std::vector<std::string> words{"unshare", "-nmpf", "--kill-child", "--mount-proc"};
  if (geteuid() != 0) words.emplace_back("-Ur");
  words.insert(words.end(), {kPython, Helper().string()});
  return words;
}

Result<void> CheckOptions(const NetworkOptions& network) {
  if (network.sharing != "link")
    return UsageError("network.sharing: Mininet has no up- and downlinks that nodes share",
                      "network.sharing = \"link\"")
        .About("network.sharing");
  for (const auto& [rate, key] :
       {std::pair(network.up, "network.up"), {network.down, "network.down"}})
    if (std::isfinite(rate))
      return UsageError(fmt::format("{}: Mininet has no up- and downlinks", key),
                        fmt::format("{} = inf", key))
          .About(key);
  return {};
}

Result<void> CheckLink(const LinkProperties& link) {
  // Below it the waiting times do not fit into the tables of htb.
  if (link.bandwidth >= kSlowest) return {};
  return Refused(
             fmt::format("network.bandwidth: Mininet has no bandwidth below {} bit/s", kSlowest),
             "network.bandwidth = 100bps")
      .About("network.bandwidth");
}

/// What unshare says on its standard error, and the message quotes, in plain words.
void Explain(Error& error) {
  const auto says = [&](std::string_view text) {
    return error.message.find(text) != std::string::npos;
  };
  if (says("cannot start unshare")) {
    error.hint = "install util-linux";
  } else if (says("unshare: sigprocmask unblock failed")) {
    // It cannot end itself by the signal that has ended the helper: nobody can block that one.
    error.message = "Mininet was killed by signal 9 (SIGKILL)";
  } else if (says("unshare: ")) {
    error.hint =
        "run it as root, or allow users namespaces of their own (user.max_user_namespaces above 0; "
        "where they exist, kernel.unprivileged_userns_clone 1 and "
        "kernel.apparmor_restrict_unprivileged_userns 0)";
  }
}

}  // namespace

// What runs in the kernel can be neither copied nor saved.
NetworkTraits MininetTraits() {
  return {.simulated_time = false,
          .can_withdraw = true,
          .random_latency = false,
          .has_packets = true,
          .is_slow = true,
          .name = "mininet"};
}

Result<std::unique_ptr<Network>> MakeMininetNetwork(const Scenario& scenario) {
  DELSTEP_TRY(CheckOptions(scenario.network));
  if (!IsThere(kPython))
    return Unavailable(fmt::format("Mininet needs {}, which is not there", kPython),
                       "install python3 and mininet");
  if (!IsThere(Helper()))
    return Unavailable(fmt::format("the helper for Mininet, {}, is not there", Helper().string()),
                       "keep the sources where the program was built, or install it anew");
  return remote::MakeRemoteNetwork(
      {.program = {.called = "Mininet", .words = Words()},
       .traits = MininetTraits(),
       .options = fmt::format(R"({{"ttl":{}}})", scenario.mininet.ttl.count()),
       .seed = scenario.seed,
       .link = scenario.network.link,
       .check_link = CheckLink,
       .explain = Explain});
}

std::string MininetVersion() {
  const auto end = RunProgram({kPython, "-c", "from mininet.net import VERSION; print(VERSION)"});
  if (!end || end->status != 0) return "absent";
  return "Mininet " + end->output.substr(0, end->output.find('\n'));
}

}  // namespace delstep
