#include "console/commands/start_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "delstep/registry.h"
#include "scenario/config.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> NotesOf(std::vector<std::string> overrides) {
  overrides.insert(overrides.end(), {"data.name=blobs", "data.samples=100"});
  const Registry registry = MakeRegistry({});
  const Config config = *Config::Load(registry, {}, {}, overrides);
  const auto simulation = *Simulation::Create(config.scenario(), registry);
  return StartNotes(*simulation);
}

TEST(StartNotes, NameNodesWithoutNeighbours) {
  // No two of them are within a millionth of a side: nobody has a neighbour.
  EXPECT_THAT(NotesOf({"topology.name=geometric", "topology.radius=0.000001", "nodes.count=3",
                       "nodes.names=[\"ann\"]"}),
              ElementsAre("3 nodes have no neighbour: ann, 10.0.0.2, 10.0.0.3 (`link A B up` makes "
                          "a link)"));
  EXPECT_THAT(NotesOf({"nodes.count=3"}), IsEmpty());
  EXPECT_THAT(NotesOf({"nodes.count=1"}), IsEmpty());
}

TEST(StartNotes, TellOfATorusAndAGridThatAreOdd) {
  // 2 rows of 5: the nodes above and below are the same one.
  EXPECT_THAT(NotesOf({"topology.name=torus", "nodes.count=10"}),
              ElementsAre(HasSubstr("some have only 3 neighbours")));
  EXPECT_THAT(NotesOf({"topology.name=torus", "nodes.count=7"}),
              ElementsAre(HasSubstr("7 nodes fill no rectangle")));
  EXPECT_THAT(NotesOf({"topology.name=grid", "nodes.count=7"}),
              ElementsAre(HasSubstr("last row of the grid is shorter")));
  EXPECT_THAT(NotesOf({"topology.name=torus", "nodes.count=12"}), IsEmpty());
}

}  // namespace
}  // namespace delstep
