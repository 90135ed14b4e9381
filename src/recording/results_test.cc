#include "recording/results.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

// 1/3 has 0.3333 as four decimals and 0.3333333333333333 as the shortest text of the double; 0.5 is
// exact. The comma makes the scope a quoted field in CSV and TSV.
const ResultEntry kFirst{
    .cycle = 0, .node = "10.0.0.2", .scope = "local", .loss = 1.0 / 3, .accuracy = 0.5};
const ResultEntry kSecond{
    .cycle = 7, .node = "10.0.0.3", .scope = "group a,b", .loss = 2, .accuracy = 1};

std::string Written(ResultsFormat format, std::initializer_list<ResultEntry> results) {
  ResultsWriter writer(format);
  for (const ResultEntry& result : results) writer.Add(result);
  return writer.Finish();
}

TEST(Results, TablesHaveAHeaderAndFourDecimals) {
  EXPECT_EQ(Written(ResultsFormat::kCsv, {kFirst, kSecond}),
            "CYCLE,TYPE,NODE,SCOPE,LOSS,ACC\n"
            "0,RESULT,10.0.0.2,local,0.3333,0.5000\n"
            "7,RESULT,10.0.0.3,\"group a,b\",2.0000,1.0000\n");
  EXPECT_EQ(Written(ResultsFormat::kTsv, {kFirst}),
            "CYCLE\tTYPE\tNODE\tSCOPE\tLOSS\tACC\n"
            "0\tRESULT\t10.0.0.2\tlocal\t0.3333\t0.5000\n");
  EXPECT_EQ(Written(ResultsFormat::kCsv, {}), "CYCLE,TYPE,NODE,SCOPE,LOSS,ACC\n");
}

TEST(Results, JsonHasFullPrecision) {
  const std::string first = R"({"cycle":0,"type":"RESULT","node":"10.0.0.2","scope":"local",)"
                            R"("loss":0.3333333333333333,"accuracy":0.5})";
  const std::string second = R"({"cycle":7,"type":"RESULT","node":"10.0.0.3","scope":"group a,b",)"
                             R"("loss":2,"accuracy":1})";
  EXPECT_EQ(Written(ResultsFormat::kJson, {kFirst, kSecond}),
            "[" + first + ",\n " + second + "]\n");
  EXPECT_EQ(Written(ResultsFormat::kJson, {}), "[]\n");
  EXPECT_EQ(Written(ResultsFormat::kJsonLines, {kFirst, kSecond}), first + '\n' + second + '\n');
  EXPECT_EQ(Written(ResultsFormat::kJsonLines, {}), "");
}

TEST(Results, PiecesMakeTheSameTextAsTheWhole) {
  for (const ResultsFormat format : {ResultsFormat::kCsv, ResultsFormat::kJson}) {
    ResultsWriter writer(format);
    std::string pieces = writer.Take();
    for (const ResultEntry& result : {kFirst, kSecond}) {
      writer.Add(result);
      pieces += writer.Take();
    }
    EXPECT_EQ(pieces + writer.Finish(), Written(format, {kFirst, kSecond}));
  }
}

TEST(Results, ALineOfTheLogQuotesNothing) {
  EXPECT_EQ(ResultLine(kSecond), "7\tRESULT\t10.0.0.3\tgroup a,b\t2.0000\t1.0000");
}

TEST(Results, TheEndingTellsTheFormat) {
  EXPECT_EQ(*ResultsFormatOf("a.csv"), ResultsFormat::kCsv);
  EXPECT_EQ(*ResultsFormatOf("a.json"), ResultsFormat::kJson);
  EXPECT_EQ(*ResultsFormatOf("b/a.jsonl"), ResultsFormat::kJsonLines);
  EXPECT_EQ(ResultsFormatOf("a.xls").error().hint, "endings are: .csv, .tsv, .jsonl, .json");
  EXPECT_FALSE(ResultsFormatOf(".csv")) << "an ending is no name";
}

}  // namespace
}  // namespace delstep
