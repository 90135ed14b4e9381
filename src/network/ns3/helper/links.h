// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// What the simulator said of links: the default one, and those with properties of their own.
#include <cstdint>
#include <optional>
#include <unordered_map>

#include <ns3/ptr.h>
#include <ns3/random-variable-stream.h>

namespace delstep_ns3 {

/// One direction between two nodes.
struct LinkProperties {
  double loss = 0;                  ///< probability that a packet is lost, in [0, 1]
  std::int64_t latency = 0;         ///< nanoseconds
  std::optional<double> bandwidth;  ///< bits per second, at least 1; nothing: no limit
  bool up = true;                   ///< false: no packet passes

  friend bool operator==(const LinkProperties&, const LinkProperties&) = default;
};

/// A direction from one node to another as one number, by which things are found.
using LinkKey = std::uint64_t;
constexpr LinkKey Key(std::uint32_t from, std::uint32_t to) { return LinkKey{from} << 32 | to; }

/// Properties of all links, and the losses that they draw.
class Links {
 public:
  const LinkProperties& default_link() const { return default_; }
  void SetDefault(const LinkProperties& link) { default_ = link; }

  const LinkProperties& Of(LinkKey link) const;
  bool HasOwn(LinkKey link) const { return own_.contains(link); }
  void SetOwn(LinkKey link, const LinkProperties& properties) { own_[link] = properties; }
  void ClearOwn(LinkKey link) { own_.erase(link); }

  /// Draws whether a packet is lost with this probability. The k-th draw of a link is a function of
  /// the seed, the link and k, so traffic elsewhere changes nothing. A probability of 0 or 1 takes
  /// no draw.
  bool Draw(LinkKey link, double probability);

 private:
  LinkProperties default_;
  std::unordered_map<LinkKey, LinkProperties> own_;
  std::unordered_map<LinkKey, ns3::Ptr<ns3::UniformRandomVariable>> draws_;
};

}  // namespace delstep_ns3
