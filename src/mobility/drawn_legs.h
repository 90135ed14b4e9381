#pragma once
/// The base of models whose legs are drawn at random, each from where the last one ended.
///
/// A leg is drawn when it is first asked for, from the stream (seed, Purpose::kMobility, who,
/// number of the leg). So it depends on nothing but that and the leg before it, and drawing it
/// again gives the same bits. What is remembered per node: the first leg of every block of 16, for
/// ever, and all legs of the block that was asked for last. So time may go on or back at a cost of
/// at most 16 legs drawn again, and a node that walks for a year of simulated time takes little
/// memory. Asking far ahead draws all legs until then.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "delstep/mobility.h"
#include "delstep/random.h"

namespace delstep {

/// A Course is what the next leg is drawn from: a struct with `Leg leg` and whatever else the model
/// carries from one leg to the next.
template <class Course>
class DrawnLegs : public Mobility {
 protected:
  /// Nodes draw from the streams first_who, first_who + 1, ...: where one model is made of two,
  /// each has streams of its own.
  explicit DrawnLegs(std::uint64_t seed, std::uint64_t first_who = 0)
      : seed_(seed), first_who_(first_who) {}

 private:
  /// The leg at the start of the run: it begins at 0.
  virtual Course First(Random& random) const = 0;
  /// The leg after it: it begins when `last` ends, where `last` ends. Called only where that is
  /// before SimTime::max().
  virtual Course Next(const Course& last, Random& random) const = 0;

  static constexpr std::size_t kBlock = 16;
  struct Track {
    std::vector<Course> firsts;  // of each block known
    std::size_t block = 0;  // the block whose legs are in `legs`, as far as they were asked for
    std::vector<Course> legs;
  };

  Random Stream(NodeId node, std::size_t number) const {
    return Random(MakeKey(seed_, Purpose::kMobility, first_who_ + Index(node), number));
  }

  Leg DoLegAt(NodeId node, SimTime time) const final {
    // The one that covers the time, or the last one known.
    const auto last_begun = [time](const std::vector<Course>& courses) {
      const auto after = std::ranges::upper_bound(
          courses, time, {}, [](const Course& course) { return course.leg.begins; });
      return static_cast<std::size_t>(after - courses.begin()) - 1;
    };
    Track& track = tracks_[node];
    if (track.firsts.empty()) {
      Random random = Stream(node, 0);
      track.firsts.push_back(First(random));
    }
    const std::size_t block = last_begun(track.firsts);
    if (track.legs.empty() || track.block != block) {
      track.block = block;
      track.legs.assign(1, track.firsts[block]);
    }
    while (track.legs.back().leg.ends <= time && track.legs.back().leg.ends != SimTime::max()) {
      Random random = Stream(node, track.block * kBlock + track.legs.size());
      const Course next = Next(track.legs.back(), random);
      if (track.legs.size() < kBlock) {
        track.legs.push_back(next);
        continue;
      }
      // Only the last known block can end before `time`: else the search had found a later one.
      track.firsts.push_back(next);
      ++track.block;
      track.legs.assign(1, next);
    }
    return track.legs[last_begun(track.legs)].leg;
  }

  std::uint64_t seed_, first_who_;
  mutable std::unordered_map<NodeId, Track> tracks_;
};

}  // namespace delstep
