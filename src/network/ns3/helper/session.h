// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// The conversation with the simulator, from the first line to the last
/// (docs/internals/network-helpers.md).
#include <memory>
#include <string_view>

#include "network/ns3/helper/fields.h"
#include "network/ns3/helper/packet_network.h"
#include "network/ns3/helper/wire.h"

namespace delstep_ns3 {

class Session {
 public:
  explicit Session(Wire& wire) : wire_(wire) {}

  /// Does what lines say until the simulator closes its end. Throws a Refusal for the first line
  /// that cannot be done.
  void Run();

 private:
  void Do(std::string_view line);
  void Begin(const Fields& line);
  bool Change(std::string_view what, const Fields& line);  // false: it is no such line
  bool Ask(std::string_view what, const Fields& line);
  void Answer(const Ends& ends);
  void Fork();

  Wire& wire_;
  std::unique_ptr<PacketNetwork> network_;  // from the line `begin` on
};

}  // namespace delstep_ns3
