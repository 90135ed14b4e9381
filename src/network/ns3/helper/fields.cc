// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/fields.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "network/ns3/helper/refusal.h"

namespace delstep_ns3 {
namespace {

using nlohmann::json;

constexpr std::int64_t kMostTime = std::numeric_limits<std::int64_t>::max();

/// For a message: at most so much of the value that a person can read it. Lists and objects are not
/// written out, as they may be nested a million deep.
std::string Shown(const json& value) {
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > 80) text = text.substr(0, 80) + "...";
  return text;
}

std::optional<std::uint64_t> WholeNumber(const json& value) {
  // 5.0 is not whole to JSON's readers, and whoever writes it has computed with it: refused.
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (value.is_number_integer() && value.get<std::int64_t>() >= 0)
    return static_cast<std::uint64_t>(value.get<std::int64_t>());
  return std::nullopt;
}

/// [t0, x0, y0, t1, x1, y1]
std::optional<Leg> ToLeg(const json& value) {
  if (!value.is_array() || value.size() != 6) return std::nullopt;
  const std::optional<std::uint64_t> t0 = WholeNumber(value[0]), t1 = WholeNumber(value[3]);
  if (!t0 || !t1 || *t0 > *t1 || *t1 > std::uint64_t{kMostTime}) return std::nullopt;
  for (const std::size_t i : {1, 2, 4, 5})
    if (!value[i].is_number() || !(std::abs(value[i].get<double>()) <= 1e9)) return std::nullopt;
  return Leg{.t0 = static_cast<std::int64_t>(*t0),
             .x0 = value[1].get<double>(),
             .y0 = value[2].get<double>(),
             .t1 = static_cast<std::int64_t>(*t1),
             .x1 = value[4].get<double>(),
             .y1 = value[5].get<double>()};
}

}  // namespace

Fields::Fields(const json& value, std::string what) : object_(value), what_(std::move(what)) {
  if (!object_.is_object()) throw Refusal{what_ + " is not an object: " + Shown(value), ""};
}

const json& Fields::At(const char* name) const {
  const auto found = object_.find(name);
  if (found == object_.end()) throw Refusal{what_ + " lacks \"" + name + "\"", ""};
  return *found;
}

void Fields::Refuse(const char* name, const std::string& allowed) const {
  throw Refusal{what_ + ": \"" + name + "\" is " + Shown(object_.at(name)), "allowed: " + allowed};
}

Fields Fields::Object(const char* name) const {
  return {At(name), "\"" + std::string(name) + "\""};
}

std::string Fields::Text(const char* name) const {
  if (!At(name).is_string()) Refuse(name, "a text");
  return At(name).get<std::string>();
}

bool Fields::Truth(const char* name) const {
  if (!At(name).is_boolean()) Refuse(name, "true or false");
  return At(name).get<bool>();
}

std::uint64_t Fields::Whole(const char* name, std::uint64_t least, std::uint64_t most) const {
  const std::optional<std::uint64_t> value = WholeNumber(At(name));
  if (!value || *value < least || *value > most)
    Refuse(name, "whole numbers from " + std::to_string(least) + " to " + std::to_string(most));
  return *value;
}

std::int64_t Fields::Time(const char* name) const {
  return static_cast<std::int64_t>(Whole(name, 0, kMostTime));
}

std::uint32_t Fields::Node(const char* name) const {
  return static_cast<std::uint32_t>(Whole(name, 0, std::numeric_limits<std::uint32_t>::max()));
}

double Fields::Number(const char* name, double least, double most) const {
  const json& value = At(name);
  // A number too large for a double was read as infinity; NaN cannot be written in JSON.
  if (!value.is_number() || !(value.get<double>() >= least && value.get<double>() <= most))
    Refuse(name, "numbers from " + std::to_string(least) + " to " + std::to_string(most));
  return value.get<double>();
}

std::optional<double> Fields::Rate(const char* name) const {
  if (At(name).is_null()) return std::nullopt;
  return Number(name, 1, 1e300);
}

std::vector<std::uint64_t> Fields::Messages(const char* name) const {
  if (!At(name).is_array()) Refuse(name, "a list of messages");
  std::vector<std::uint64_t> messages;
  for (const json& one : At(name)) {
    const std::optional<std::uint64_t> message = WholeNumber(one);
    if (!message) Refuse(name, "a list of whole numbers");
    messages.push_back(*message);
  }
  return messages;
}

LinkProperties Fields::Link(const char* name) const {
  const Fields link = Object(name);
  link.AllowOnly({"loss", "latency", "bandwidth", "up"});
  return {.loss = link.Number("loss", 0, 1),
          .latency = link.Time("latency"),
          .bandwidth = link.Rate("bandwidth"),
          .up = link.Truth("up")};
}

std::vector<Leg> Fields::Legs(const char* name) const {
  if (!At(name).is_array()) Refuse(name, "a list of legs");
  std::vector<Leg> legs;
  for (const json& one : At(name)) {
    const std::optional<Leg> leg = ToLeg(one);
    if (!leg || (!legs.empty() && leg->t0 < legs.back().t1))
      Refuse(name, "[t0, x0, y0, t1, x1, y1], times ascending, at most 1e9 m from the origin");
    legs.push_back(*leg);
  }
  return legs;
}

void Fields::AllowOnly(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, value] : object_.items())
    if (std::ranges::find(names, std::string_view(name)) == names.end())
      throw Refusal{what_ + " has the unknown member \"" + name + "\"", ""};
}

}  // namespace delstep_ns3
