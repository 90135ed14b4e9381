// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/links.h"

namespace delstep_ns3 {

const LinkProperties& Links::Of(LinkKey link) const {
  const auto found = own_.find(link);
  return found == own_.end() ? default_ : found->second;
}

bool Links::Draw(LinkKey link, double probability) {
  // Most links lose nothing, and need no generator.
  if (probability <= 0) return false;
  if (probability >= 1) return true;
  ns3::Ptr<ns3::UniformRandomVariable>& draw = draws_[link];
  if (!draw) {
    draw = ns3::CreateObject<ns3::UniformRandomVariable>();
    // ns-3 gives numbers from 2^63 on to what asks for none; node numbers stay below 2^31.
    draw->SetStream(static_cast<std::int64_t>(link));
  }
  return draw->GetValue() < probability;
}

}  // namespace delstep_ns3
