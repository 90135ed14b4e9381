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
  EXPECT_THAT(NotesOf({"nodes.count=3", "topology.name=radio", "radio.range=0.001"}), IsEmpty())
      << "they meet as time passes";
}

TEST(StartNotes, TellOfABehaviourThatWaitsForMeetings) {
  EXPECT_THAT(NotesOf({"nodes.count=3", "behaviour.name=on-encounter"}),
              ElementsAre(HasSubstr("nobody meets: the links of topology.name = full stay")));
  EXPECT_THAT(NotesOf({"nodes.count=3", "behaviour.name=on-encounter", "topology.name=radio"}),
              IsEmpty());
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

std::vector<std::string> UnusedOf(std::vector<std::string> overrides, std::string_view file = "") {
  const Registry registry = MakeRegistry({});
  Config config(registry);
  EXPECT_TRUE(config.AddToml(file, "x.toml"));
  for (const std::string& override_ : overrides) {
    const auto equals = override_.find('=');
    EXPECT_TRUE(config.Set(override_.substr(0, equals), override_.substr(equals + 1),
                           {.layer = Origin::Layer::kCommandLine, .text = "command line"}));
  }
  return UnusedKeyNotes(config, registry);
}

TEST(UnusedKeys, AreThoseOfPartsThatAreNotChosen) {
  EXPECT_THAT(UnusedOf({"topology.file=a.edges"}),
              ElementsAre("topology.file is not used: topology.name is full (topology.name = "
                          "file or contacts would read it)"));
  EXPECT_THAT(UnusedOf({"topology.file=a.edges", "topology.name=file"}), IsEmpty());
  EXPECT_THAT(UnusedOf({"topology.name=ring", "topology.p=0.3"}),
              ElementsAre("topology.p is not used: topology.name is ring (topology.name = "
                          "small-world or random would read it)"));
  EXPECT_THAT(UnusedOf({"topology.name=random", "topology.p=0.3"}), IsEmpty());
  EXPECT_THAT(UnusedOf({"model.file=a.cpp", "model.name=mlp"}),
              ElementsAre(HasSubstr("model.name = module, torchscript or tensorflow would read")));
  EXPECT_THAT(UnusedOf({"partition.alpha=0.1", "partition.name=iid"}),
              ElementsAre(HasSubstr("partition.name=dirichlet reads it")));
  EXPECT_THAT(UnusedOf({"data.name=blobs", "data.path=x"}),
              ElementsAre("data.path is not used: data.name is blobs, which is made and not read"));
  EXPECT_THAT(UnusedOf({"data.name=module", "data.path=x"}),
              ElementsAre("data.path is not used: data.name is module, which model.file brings"));
  // A module may bring the data of another model.
  EXPECT_THAT(UnusedOf({"model.file=a.cpp", "model.name=mlp", "data.name=module"}), IsEmpty());
  EXPECT_THAT(UnusedOf({"data.name=mnist", "data.path=x", "data.pool=train"}), IsEmpty());
  // `set aggregation.name` may come later.
  EXPECT_THAT(UnusedOf({"aggregation.trim=0.2", "model.init=common"}), IsEmpty());
}

TEST(UnusedKeys, OfAFileAreThoseThatNobodyChoseAnew) {
  constexpr std::string_view kFile = "[topology]\nname = \"regular\"\ndegree = 6\n";
  EXPECT_THAT(UnusedOf({}, kFile), IsEmpty());
  EXPECT_THAT(UnusedOf({"topology.name=full"}, kFile), IsEmpty());
  EXPECT_THAT(UnusedOf({}, "[topology]\nname = \"full\"\ndegree = 6\n"),
              ElementsAre(HasSubstr("topology.degree is not used")));
  // A recorded scenario has all keys.
  const Registry registry = MakeRegistry({});
  EXPECT_THAT(UnusedOf({}, Config(registry).ToToml()), IsEmpty());
}

}  // namespace
}  // namespace delstep
