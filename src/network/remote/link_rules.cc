#include "network/remote/link_rules.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace delstep::remote {
namespace {

Error NotPerLink(const Backend& backend, std::string key) {
  return Refused(fmt::format("{}: single links of {} can only be up or down", key,
                             backend.program.called),
                 fmt::format("set {} for all links: {} = ...{}", key.substr(key.find('.') + 1), key,
                             backend.traits.name == "ns3"
                                 ? "; ns3.topology = \"mesh\" has links of their own"
                                 : ""))
      .About(key);
}

}  // namespace

Result<void> CheckLink(const Backend& backend, const LinkProperties& link) {
  if (!backend.traits.random_latency && link.latency.kind != Latency::Kind::kConstant)
    return Refused(fmt::format("network.latency: {} has only constant latencies",
                               backend.program.called),
                   "a latency such as 20ms")
        .About("network.latency");
  if (backend.check_link) return backend.check_link(link);
  return {};
}

Result<void> CheckSingle(const Backend& backend, const LinkProperties& link,
                         const LinkProperties& all) {
  if (backend.traits.single_links) return {};
  if (link.loss != all.loss) return NotPerLink(backend, "network.loss");
  if (link.latency != all.latency) return NotPerLink(backend, "network.latency");
  if (link.bandwidth != all.bandwidth) return NotPerLink(backend, "network.bandwidth");
  return {};
}

}  // namespace delstep::remote
