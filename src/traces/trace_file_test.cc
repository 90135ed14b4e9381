// Finding out the format, unpacking, and the mobility as a whole.
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "delstep/registry.h"
#include "traces/traces.h"
#include "traces/traces_test_files.h"

namespace delstep {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::string Packed(std::string_view text) {
  std::string packed(text.size() + 100, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(TraceFormats, AreToldByWhatIsInTheFile) {
  const std::pair<const char*, TraceFormat> cases[] = {
      {"# a comment\n$node_(0) set X_ 1\n", TraceFormat::kNs2},
      {"set val(nn) 3\n$ns_ at 1 \"$node_(0) setdest 1 2 3\"\n", TraceFormat::kNs2},
      {"0 1 2 3 4 5\n", TraceFormat::kBonnMotion},
      {"0.0 10.0 10.0 8.0 42.0 10.0\n0.0 5.0 5.0\n", TraceFormat::kBonnMotion},
      {"0 10 10 0 8 42 10 0\n0 5 5 0\n", TraceFormat::kBonnMotion},
      {"0 40 0 500 0 300\n0 a 10.0 10.0\n", TraceFormat::kOne},
      {"0 40 0 500 0 300\n0 1 10.0 10.0\n", TraceFormat::kOne},
      {"\xef\xbb\xbf  <?xml version=\"1.0\"?>\n<fcd-export>", TraceFormat::kFcd},
      {"node,t,x,y\n", TraceFormat::kCsv},
      {"node time x y\n", TraceFormat::kCsv}};
  for (const auto& [text, format] : cases) {
    const auto found = FormatOfTrace(text, "f");
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(*found, format) << text;
  }
  EXPECT_EQ(FormatOfTrace("hello\n", "f").error().code, ErrorCode::kFile);
  EXPECT_EQ(FormatOfTrace("# x\n", "f").error().code, ErrorCode::kFile);
}

// Five rows of three nodes were read as five nodes with a waypoint each.
TEST(TraceFormats, RowsInOrderOfTimeAreNoNodesOfBonnMotion) {
  const Error rows = ErrorOf("0 0 1 2\n0 1 5 5\n10 0 3 4\n10 1 6 6\n20 0 9 9\n");
  EXPECT_EQ(rows.where, "trace:1");
  EXPECT_THAT(rows.hint, HasSubstr("time id x y"));
  EXPECT_EQ(MobilityOf("time id x y\n0 0 1 2\n0 1 5 5\n10 0 3 4\n")->nodes(), 2u);
  EXPECT_EQ(MobilityOf("0 0 1 2\n10 1 5 5\n", "bonnmotion")->nodes(), 2u) << "whoever says so";
  // Nodes that stand still from the start on, with a height: no time rises.
  EXPECT_EQ(MobilityOf("0 1 2 0\n0 5 5 0\n0 3 4 0\n")->nodes(), 3u);
}

TEST(Traces, AreUnpackedByTheirFirstBytes) {
  // More than is looked at of the beginning, and more than is read at once.
  std::string text;
  for (int node = 0; node < 20'000; ++node) text += "0 1 2 10 3 " + std::to_string(node) + "\n";
  const auto mobility = MobilityOf(Packed(text));
  EXPECT_EQ(mobility->nodes(), 20'000u);
  ExpectAt(*mobility, 19'999, 20, 3, 19'999);
  const Error cut = ErrorOf(Packed(text).substr(0, 2000));
  EXPECT_THAT(cut.message, HasSubstr("end early"));
}

TEST(Traces, ALineMayBeLongerThanWhatIsReadAtOnce) {
  std::string text;
  for (int t = 0; t < 100'000; ++t) text += std::to_string(t) + " " + std::to_string(t) + " 0 ";
  ExpectAt(*MobilityOf(text), 0, 99'000.5, 99'000.5, 0);
}

TEST(Traces, LinesMayEndByACarriageReturnAlone) {
  ExpectAt(*MobilityOf("\xef\xbb\xbfnode,t,x,y\r0,0,1,1\r0,2,3,1\r"), 0, 1, 2, 1);
}

TEST(Traces, NoTextIsRefused) {
  EXPECT_THAT(ErrorOf(std::string_view("0 1 2\n0 1 \0 2\n", 14), "bonnmotion").message,
              HasSubstr("byte 0"));
  EXPECT_EQ(ErrorOf(std::string_view("\xff\xfe"
                                     "0\0 \0",
                                     6),
                    "csv")
                .code,
            ErrorCode::kFile);
}

TEST(Traces, NodesThatATraceDoesNotHaveAreNeverThere) {
  NodesOptions nodes;
  nodes.count = 4;
  auto trace =
      ReadWith([](TraceSource& source) { return ReadBonnMotion(source); }, "0 1 2\n0 3 4\n");
  const auto mobility = MakeTraceMobility(*std::move(trace), nodes, "f").value();
  EXPECT_EQ(mobility->nodes(), 4u);
  EXPECT_FALSE(IsThere(*mobility, 2, 0));
  EXPECT_FALSE(IsThere(*mobility, 1'000'000, 5));
  EXPECT_THAT(mobility->notes(), ElementsAre("f: it has 2 ids, so 2 of 4 nodes are never there"));
  std::vector<Position> positions(2);
  const NodeId asked[] = {NodeId{1}, NodeId{3}};
  mobility->PositionsAt(At(1), asked, positions);
  EXPECT_EQ(positions[0], (Position{3, 4, 0}));
}

TEST(Traces, LegsFollowEachOtherWithoutGap) {
  const auto mobility =
      MobilityOf("node,t,x,y\n0,3,0,0\n0,5,8,0\n0,5,9,9\n0,8,,\n0,9,1,1\n0,12,4,1\n0,20,,\n");
  SimTime time{};
  std::vector<bool> present;
  for (int legs = 0; legs < 20; ++legs) {
    const Leg leg = mobility->LegAt(NodeId{0}, time);
    ASSERT_EQ(leg.begins, time);
    ASSERT_LT(leg.begins, leg.ends);
    if (leg.ends < SimTime::max()) {
      EXPECT_EQ(mobility->LegAt(NodeId{0}, leg.ends - Duration(1)).begins, leg.begins);
    }
    present.push_back(leg.present);
    time = leg.ends;
    if (time == SimTime::max()) break;
  }
  // Stands, 3 to 5, stands at 9, 9 until 8, gone, 9 to 12, stands until 20, gone for ever.
  EXPECT_THAT(present, ElementsAre(true, true, true, false, true, true, false));
  EXPECT_EQ(mobility->rests_from(), At(20));
}

TEST(Traces, AFileIsReadByNameAndBonnMotionsParamsBesideIt) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "trace_files";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "walk.movements.gz", std::ios::binary)
      << Packed("0 0 0 1 2 2 2 3 3 3 9 9\n");
  std::ofstream(folder / "walk.params") << "nn=1\noutputDim=3D\n";
  const auto trace = ReadTraceFile((folder / "walk.movements.gz").string(), "auto");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->tracks[0].points.size(), 3u);
  const auto missing = ReadTraceFile((folder / "walk.movement.gz").string(), "auto");
  EXPECT_EQ(missing.error().code, ErrorCode::kFile);
  EXPECT_THAT(missing.error().hint, HasSubstr("walk.movements.gz"));
  Registry registry;
  AddTraces(registry);
  const MakeMobility& make = **registry.mobility.Find("trace");
  Scenario scenario;
  scenario.mobility.name = "trace";
  EXPECT_EQ(make(scenario).error().code, ErrorCode::kUsage);
  scenario.mobility.file = (folder / "walk.movements.gz").string();
  EXPECT_EQ((*make(scenario))->nodes(), 12u);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace delstep
