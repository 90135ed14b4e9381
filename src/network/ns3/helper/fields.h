// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// Reads the values of a line. The simulator is trusted in nothing: ns-3 as distributions build it
/// has its assertions off, and would crash or go astray on a value that makes no sense.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "network/ns3/helper/legs_mobility.h"
#include "network/ns3/helper/links.h"

namespace delstep_ns3 {

/// A JSON object whose members are read by name. All calls throw a Refusal that names the member,
/// its value and what is allowed.
class Fields {
 public:
  /// Keeps a reference to the value. `what` says in messages what it is.
  Fields(const nlohmann::json& value, std::string what);
  /// The object may outlive no temporary.
  Fields(nlohmann::json&&, std::string) = delete;

  bool Has(const char* name) const { return object_.contains(name); }
  Fields Object(const char* name) const;
  std::string Text(const char* name) const;
  bool Truth(const char* name) const;
  /// A whole number in [least, most].
  std::uint64_t Whole(const char* name, std::uint64_t least, std::uint64_t most) const;
  std::int64_t Time(const char* name) const;  ///< nanoseconds, from 0 on
  std::uint32_t Node(const char* name) const;
  double Number(const char* name, double least, double most) const;
  std::optional<double> Rate(const char* name) const;  ///< bits per second; null: no limit
  std::vector<std::uint64_t> Messages(const char* name) const;
  LinkProperties Link(const char* name) const;
  std::vector<Leg> Legs(const char* name) const;
  /// Refuses a member that is not among the names.
  void AllowOnly(std::initializer_list<std::string_view> names) const;

 private:
  const nlohmann::json& At(const char* name) const;
  [[noreturn]] void Refuse(const char* name, const std::string& allowed) const;

  const nlohmann::json& object_;
  std::string what_;
};

}  // namespace delstep_ns3
