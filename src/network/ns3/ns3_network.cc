#include "network/ns3/ns3_network.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/beside_program.h"
#include "base/json.h"
#include "network/remote/remote_network.h"

namespace delstep {
namespace {

constexpr char kInstall[] = "install libns3-dev, then configure and build again";
constexpr std::int64_t kLargestWifiPacket = 2296;  // bytes

bool IsThere(const std::filesystem::path& file) {
  std::error_code failed;
  return std::filesystem::exists(file, failed);
}

// Under another licence, so in a package of its own: an installation may lack it.
std::filesystem::path Helper() { return BesideProgram(DELSTEP_NS3_HELPER); }

Error Unfit(const std::string& topology, std::string_view what, std::string hint,
            const std::string& key) {
  return UsageError(fmt::format("{}: ns3.topology \"{}\" {}", key, topology, what), std::move(hint))
      .About(key);
}

/// Keys that are right by themselves may not go together.
Result<void> CheckOptions(const Scenario& scenario) {
  const std::string& topology = scenario.ns3.topology;
  const NetworkOptions& network = scenario.network;
  // What is not given to a network is not ignored: the user would believe that it counts.
  const bool wifi = topology == "wifi", star = topology == "star";
  if (network.sharing != "link" && !star)
    return Unfit(topology, "has no up- and downlinks that nodes share",
                 "network.sharing = \"link\", or ns3.topology = \"star\"", "network.sharing");
  for (const auto& [rate, key] :
       {std::pair(network.up, "network.up"), {network.down, "network.down"}})
    if (std::isfinite(rate) && !star)
      return Unfit(topology, "has no up- and downlinks",
                   fmt::format("{} = inf, or ns3.topology = \"star\"", key), key);
  if (wifi && scenario.radio.model != "disk")
    return Unfit(topology, fmt::format("has no radio model \"{}\"", scenario.radio.model),
                 "radio.model = \"disk\"", "radio.model");
  if (wifi && scenario.ns3.mtu > kLargestWifiPacket)
    return Unfit(topology, fmt::format("has no packets of {} bytes", scenario.ns3.mtu),
                 fmt::format("at most {}, such as 1500", kLargestWifiPacket), "ns3.mtu");
  return {};
}

/// What a topology cannot give to any link.
auto LinkCheck(const Scenario& scenario) {
  return [topology = scenario.ns3.topology,
          bandwidth = scenario.network.link.bandwidth](const LinkProperties& link) -> Result<void> {
    // The helper would refuse it too, but by ending, and one call too late.
    const auto refused = [&](std::string_view what, std::string hint, const std::string& key) {
      return Refused(fmt::format("{}: ns3.topology \"{}\" {}", key, topology, what),
                     std::move(hint))
          .About(key);
    };
    if (topology == "wifi" && link.latency != Latency{})
      return refused("leaves latencies to the radio", "network.latency = 0ms", "network.latency");
    if (topology == "wifi" && std::isfinite(link.bandwidth))
      return refused("leaves bandwidths to the radio", "network.bandwidth = inf",
                     "network.bandwidth");
    if (topology == "csma" && link.bandwidth != bandwidth)
      return refused("keeps the bandwidth that it began with",
                     "begin with another network.bandwidth, or take mesh or star",
                     "network.bandwidth");
    return {};
  };
}

std::string OptionsText(const Scenario& scenario) {
  const Ns3Options& options = scenario.ns3;
  std::string text = fmt::format(R"({{"topology":{},"transport":{},"mtu":{},"ttl":{})",
                                 JsonString(options.topology), JsonString(options.transport),
                                 options.mtu, options.ttl.count());
  // The other topologies know no places.
  if (options.topology == "wifi")
    text += fmt::format(R"(,"range":{})", JsonNumber(scenario.radio.range));
  if (!options.pcap.empty()) text += fmt::format(R"(,"pcap":{})", JsonString(options.pcap));
  return text + '}';
}

}  // namespace

// A helper can be forked, and plays its journal again anywhere: so all topologies go back and save.
// Where links are shared they can have nothing of their own.
NetworkTraits Ns3Traits(std::string_view topology) {
  return {.can_snapshot = true,
          .can_save = true,
          .can_withdraw = true,
          .has_capacities = topology == "star",
          .has_positions = topology == "wifi",
          .single_links = topology == "mesh",
          .random_latency = false,
          .has_packets = true,
          .is_slow = true,
          .name = "ns3"};
}

Result<std::unique_ptr<Network>> MakeNs3Network(const Scenario& scenario) {
  if (const std::string absence = Ns3Absence(); !absence.empty())
    return Unavailable("network.backend 'ns3' is not available: " + absence);
  DELSTEP_TRY(CheckOptions(scenario));
  const std::filesystem::path helper = Helper();
  if (!IsThere(helper))
    return Unavailable(fmt::format("the helper for ns-3, {}, is not there", helper.string()),
                       InstalledUnder().empty() ? "build all targets, not the program alone"
                                                : "install the package delstep-ns3");
  return remote::MakeRemoteNetwork({.program = {.called = "ns-3", .words = {helper.string()}},
                                    .traits = Ns3Traits(scenario.ns3.topology),
                                    .options = OptionsText(scenario),
                                    .seed = scenario.seed,
                                    .link = scenario.network.link,
                                    .check_link = LinkCheck(scenario)});
}

std::string Ns3Absence() {
  return std::string_view(DELSTEP_NS3_HELPER).empty()
             ? fmt::format("built without ns-3; {}", kInstall)
             : "";
}

std::string Ns3Version() {
  // The build knows the version; a helper that was deleted since is absent all the same.
  return Ns3Absence().empty() && IsThere(Helper()) ? DELSTEP_NS3_VERSION : "absent";
}

}  // namespace delstep
