// Real lists of contacts, where somebody has them: DELSTEP_TRACES names a folder with the files of
// the Python packages tnetwork 1.2 and face2face 0.2.1a0, whatever folders they lie in. They are
// licensed for no commercial use, so none of them is here: docs/guide/traces.md says how to get
// them.
#include <cstdlib>
#include <filesystem>

#include "traces/contact_list.h"
#include "traces/traces_test_files.h"

namespace delstep {
namespace {

/// The file of this name in the folder or below it; empty if it is not there.
std::string FindTrace(const std::string& name) {
  const char* const folder = std::getenv("DELSTEP_TRACES");
  std::error_code error;
  if (folder == nullptr) return {};
  for (std::filesystem::recursive_directory_iterator entry(folder, error), end;
       !error && entry != end; entry.increment(error))
    if (entry->path().filename() == name) return entry->path().string();
  return {};
}

struct RealList {
  const char* file;
  std::size_t nodes, contacts;
  double mean, longest;  // seconds; 0: not known
};

class RealContacts : public testing::TestWithParam<RealList> {};

// Counted by other programs: the readers of these packages, with a gap of 20 s between contacts.
INSTANTIATE_TEST_SUITE_P(All, RealContacts,
                         testing::Values(RealList{"thiers_2012.csv", 180, 19774, 45.6, 5400},
                                         RealList{"Contacts_Hospital.csv", 75, 14037, 46.2, 3920},
                                         RealList{"Primary_School.csv", 242, 77521, 32.4, 1180},
                                         RealList{"tij_ICCSS17.dat", 262, 70910, 0, 0},
                                         RealList{"tij_WS16.dat", 138, 53164, 57.7, 0}));

TEST_P(RealContacts, MergeToTheKnownNumberOfContacts) {
  const RealList& known = GetParam();
  const std::string path = FindTrace(known.file);
  if (path.empty()) GTEST_SKIP() << known.file << " is in no folder of $DELSTEP_TRACES";
  auto file = OpenTrace(path);
  ASSERT_TRUE(file) << file.error().message;
  TraceSource source(*file);
  NodesOptions nodes;
  nodes.count_given = false;
  auto rows = ReadContacts(source, nodes);
  ASSERT_TRUE(rows) << rows.error().message;
  const Graph graph = GraphOfContacts(*std::move(rows), nodes, path).value();
  EXPECT_EQ(graph.nodes, known.nodes);
  const auto& contacts = static_cast<const ContactList&>(*graph.contacts).contacts();
  EXPECT_EQ(contacts.size(), known.contacts);
  double sum = 0, longest = 0, first = 1e9;
  for (const Contact& contact : contacts) {
    const double seconds = Seconds(contact.ends - contact.begins);
    sum += seconds;
    longest = std::max(longest, seconds);
    first = std::min(first, Seconds(contact.begins));
  }
  EXPECT_EQ(first, 0);
  if (known.mean > 0) {
    EXPECT_NEAR(sum / static_cast<double>(contacts.size()), known.mean, 0.05);
  }
  if (known.longest > 0) {
    EXPECT_EQ(longest, known.longest);
  }
}

}  // namespace
}  // namespace delstep
