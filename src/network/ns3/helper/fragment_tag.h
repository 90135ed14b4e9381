// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// Says of a UDP packet to which message it belongs; it travels with the packet, and costs no
/// bytes.
#include <cstdint>
#include <ostream>

#include <ns3/tag.h>

namespace delstep_ns3 {

class FragmentTag : public ns3::Tag {
 public:
  static ns3::TypeId GetTypeId();
  FragmentTag() = default;
  FragmentTag(std::uint64_t message, std::uint64_t index) : message_(message), index_(index) {}

  std::uint64_t message() const { return message_; }
  std::uint64_t index() const { return index_; }  ///< among the fragments of the message, from 0

  ns3::TypeId GetInstanceTypeId() const override { return GetTypeId(); }
  std::uint32_t GetSerializedSize() const override { return 16; }
  void Serialize(ns3::TagBuffer out) const override;
  void Deserialize(ns3::TagBuffer in) override;
  void Print(std::ostream& out) const override { out << message_ << ':' << index_; }

 private:
  std::uint64_t message_ = 0, index_ = 0;
};

}  // namespace delstep_ns3
