#include "apps/delstep/networks_page.h"

#include <fmt/format.h>

#include <string_view>

#include "console/commands/network_abilities.h"
#include "network/builtin/builtin_network.h"
#include "network/mininet/mininet_network.h"
#include "network/ns3/ns3_network.h"

namespace delstep {
namespace {

constexpr std::string_view kHead = R"(# Networks

`network.backend` chooses what carries the messages; `network show` says it of the one that is in use.
[packets.md](../guide/packets.md) has a session with each. This page is made by `delstep docs networks`.

)";

constexpr std::string_view kTail = R"(
What a network cannot do is refused by the name of the key. Where latencies cannot be drawn, a constant one still works; where links
have no properties of their own, a single link can still go down and come up.

| | lost by a link | a model that is lost | its clock | stands for |
|---|---|---|---|---|
| builtin | whole messages, network.loss each | is lost | simulated | flows of bits on links of their own, or shared ones |
| ns3, ns3.transport = udp | datagrams, network.loss each | is lost if one of its datagrams is | simulated | packets, headers, queues |
| ns3, ns3.transport = tcp | packets, network.loss each | comes later: TCP sends again what is lost | simulated | the same, with connections, their start and their backing off |
| mininet | packets, network.loss each | comes later | the wall's, while messages are on the way | the kernel's own TCP |

All but the built-in network have a time to live (ns3.ttl, mininet.ttl): what has not come by then is lost as `expired`.
)";

struct KnownNetwork {
  std::string_view title;
  NetworkTraits traits;
};

}  // namespace

std::string NetworksReference() {
  const KnownNetwork columns[] = {
      {"builtin", BuiltinTraits(false)}, {"builtin, sharing", BuiltinTraits(true)},
      {"ns3 mesh", Ns3Traits("mesh")},   {"ns3 star", Ns3Traits("star")},
      {"ns3 csma", Ns3Traits("csma")},   {"ns3 wifi", Ns3Traits("wifi")},
      {"mininet", MininetTraits()}};
  std::string page(kHead);
  std::string line = "|---|";
  page += "| |";
  for (const KnownNetwork& column : columns) {
    page += fmt::format(" {} |", column.title);
    line += "---|";
  }
  page += fmt::format("\n{}\n", line);
  for (const NetworkAbility& ability : NetworkAbilities()) {
    page += fmt::format("| `{}`: {} |", ability.word, ability.meaning);
    for (const KnownNetwork& column : columns)
      page += ability.has(column.traits) ? " yes |" : " – |";
    page += '\n';
  }
  return page + std::string(kTail);
}

}  // namespace delstep
