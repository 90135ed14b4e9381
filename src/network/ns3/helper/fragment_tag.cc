// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/fragment_tag.h"

namespace delstep_ns3 {

ns3::TypeId FragmentTag::GetTypeId() {
  static const ns3::TypeId id =
      ns3::TypeId("delstep_ns3::FragmentTag").SetParent<ns3::Tag>().AddConstructor<FragmentTag>();
  return id;
}

// Tags are kept as bytes, so that packets can be copied without knowing what they carry.
void FragmentTag::Serialize(ns3::TagBuffer out) const {
  out.WriteU64(message_);
  out.WriteU64(index_);
}

void FragmentTag::Deserialize(ns3::TagBuffer in) {
  message_ = in.ReadU64();
  index_ = in.ReadU64();
}

}  // namespace delstep_ns3
