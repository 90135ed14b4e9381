#include "data/csv.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <limits>
#include <utility>

#include "data/csv_records.h"
#include "data/idx_test_files.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::span<const std::uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
Content Text(std::string_view text) { return {text.begin(), text.end()}; }

Result<LoadedData> Parse(std::string_view text, const std::string& label = "label") {
  return ParseCsv(Bytes(text), "t.csv", {.label = label});
}
Error FailsToParse(std::string_view text, const std::string& label = "label") {
  const auto loaded = Parse(text, label);
  EXPECT_FALSE(loaded.ok());
  if (loaded.ok()) return {};
  EXPECT_EQ(loaded.error().code, ErrorCode::kFile);
  return loaded.error();
}

using Records = std::vector<std::vector<std::string>>;
Result<Records> ReadRecords(std::string_view text) {
  MemorySource source("t.csv", Bytes(text));
  CsvRecords records(source);
  Records read;
  for (;;) {
    DELSTEP_ASSIGN(const bool more, records.Next());
    if (!more) return read;
    read.emplace_back(records.fields().begin(), records.fields().end());
  }
}

TEST(CsvRecords, ResolvesQuotesAsRfc4180Says) {
  EXPECT_EQ(*ReadRecords("a,b,c\r\n\"x, y\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n,\"\", z \r\n"),
            (Records{{"a", "b", "c"}, {"x, y", "say \"hi\"", "two\r\nlines"}, {"", "", " z "}}));
  EXPECT_EQ(*ReadRecords("a\"b,c"), (Records{{"a\"b", "c"}}));
  EXPECT_EQ(*ReadRecords("\"\"\"\"\n\"\""), (Records{{"\""}, {""}}));
}

TEST(CsvRecords, TakesTheSeparatorThatTheHeaderHasMostOf) {
  EXPECT_EQ(*ReadRecords("a;b;c,d\n1;2;3\n"), (Records{{"a", "b", "c,d"}, {"1", "2", "3"}}));
  EXPECT_EQ(*ReadRecords("a\tb\n1,5\t2\n"), (Records{{"a", "b"}, {"1,5", "2"}}));
  EXPECT_EQ(*ReadRecords("\"a;b;c\",d\n"), (Records{{"a;b;c", "d"}}));
  EXPECT_EQ(*ReadRecords("a\n1\n"), (Records{{"a"}, {"1"}}));
}

TEST(CsvRecords, PassesOverAByteOrderMarkAndEmptyLines) {
  EXPECT_EQ(*ReadRecords("\xef\xbb\xbf\r\n\na,b\n\n\n1,2\n\n"), (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(*ReadRecords(""), Records{});
  EXPECT_EQ(*ReadRecords("\n\n"), Records{});
}

TEST(CsvRecords, TakesLinesOfTheFirstMacintosh) {
  EXPECT_EQ(*ReadRecords("a,b\r1,\"2\"\r\r3,4\r"), (Records{{"a", "b"}, {"1", "2"}, {"3", "4"}}));
}

TEST(CsvRecords, TakesTheSeparatorThatExcelNames) {
  EXPECT_EQ(*ReadRecords("sep=;\r\na,b;c\r\n1;2\r\n"), (Records{{"a,b", "c"}, {"1", "2"}}));
  EXPECT_EQ(*ReadRecords("a|b\n1|2\n"), (Records{{"a", "b"}, {"1", "2"}}));
}

TEST(CsvRecords, ReadsRecordsAcrossItsBuffers) {
  // A record of 3 MiB, and 300,000 short ones.
  std::string text = "a,b\n\"" + std::string(3 << 20, 'x') + "\"\"\n\",y\n";
  for (int i = 0; i < 300'000; ++i) text += "12,\"3\"\r\n";
  const auto records = ReadRecords(text);
  ASSERT_TRUE(records.ok()) << records.error().message;
  ASSERT_EQ(records->size(), 300'002u);
  EXPECT_EQ((*records)[1][0].size(), (3u << 20) + 2);
  for (std::size_t i = 2; i < records->size(); ++i)
    ASSERT_EQ((*records)[i], (std::vector<std::string>{"12", "3"})) << i;
}

TEST(CsvRecords, NamesTheLineWhereARecordBegins) {
  const auto where = [](std::string_view text) {
    const auto records = ReadRecords(text);
    EXPECT_FALSE(records.ok());
    return records.ok() ? "" : records.error().where + " " + records.error().message;
  };
  EXPECT_EQ(where("a,b\n\"1\n2\",3\n4,\"5"), "t.csv:4 a quote is not closed");
  EXPECT_EQ(where("a,b\n1,\"5\"x\n"), "t.csv:2 text behind a closing quote, in field 2");
  EXPECT_EQ(where("a,b\n\"1\"\rx\n"), "t.csv:2 a carriage return inside a line");
  EXPECT_EQ(where(std::string_view("a,b\n1\0", 6)), "t.csv:2 a byte 0: this is no text file");
  EXPECT_EQ(where(std::string("a,b\n") + std::string(200'000, '\n') + std::string("1\0", 2)),
            "t.csv:200002 a byte 0: this is no text file");
  EXPECT_EQ(where("a,b\n\"" + std::string(17 << 20, 'x')),
            "t.csv:2 a record of more than 16.0 MiB");
}

TEST(Csv, ReadsFeaturesAsTheyAre) {
  const auto loaded = Parse("width,label,height\n1,b,-2.5\n +3 ,a,1e2\n0x,b,\n", "label");
  EXPECT_FALSE(loaded.ok());
  const auto good = Parse("width,label,height\n1,b,-2.5\n +3 ,a,1e2\n1e-60,b,.5\n");
  ASSERT_TRUE(good.ok()) << good.error().message;
  EXPECT_THAT(good->dataset.floats, ElementsAre(1, -2.5f, 3, 100, 0, 0.5f));
  EXPECT_THAT(good->dataset.example_shape, ElementsAre(2));
  EXPECT_THAT(good->dataset.labels, ElementsAre(1, 0, 1));
  EXPECT_THAT(good->class_names, ElementsAre("a", "b"));
  EXPECT_EQ(good->train_examples, 3u);
  EXPECT_THAT(good->sources, IsEmpty());
}

TEST(Csv, OrdersClassesByTextOrByValueIfAllAreNumbers) {
  EXPECT_THAT(Parse("x,label\n1,10\n1,9\n1,-1\n1,10\n")->class_names, ElementsAre("-1", "9", "10"));
  EXPECT_THAT(Parse("x,label\n1,10\n1,9\n1,-1\n1,10\n")->dataset.labels, ElementsAre(2, 1, 0, 2));
  EXPECT_THAT(Parse("x,label\n1,10\n1,9\n1,b\n")->class_names, ElementsAre("10", "9", "b"));
}

TEST(Csv, TakesQuotedLabelsWithCommasQuotesAndLineBreaks) {
  const auto loaded = Parse(
      "\"x\",\"the label\"\r\n1,\"cat, small\"\r\n2,\"a \"\"dog\"\"\"\r\n3,\"two\nlines\"\r\n",
      "the label");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->class_names, ElementsAre("a \"dog\"", "cat, small", "two lines"));
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(1, 0, 2));
}

TEST(Csv, RefusesALabelThatIsNoUtf8) {
  const Error error = FailsToParse("x,label\n1,M\xc3\xbcsli\n2,K\xe4se\n");
  EXPECT_EQ(error.where, "t.csv:3");
  EXPECT_EQ(error.message, "column 'label' holds the byte 0xe4, which is no UTF-8");
  EXPECT_THAT(error.hint, HasSubstr("the rest is UTF-8")) << "iconv would spoil the first label";
  EXPECT_THAT(FailsToParse("x,label\n1,Nuss\n2,K\xe4se\n").hint, HasSubstr("iconv"));
  EXPECT_THAT(FailsToParse("x,label\n1,M\xc3\n").hint, HasSubstr("cut or damaged here"));
  const Error header = FailsToParse("K\xe4se,label\n1,a\n");
  EXPECT_THAT(header.message, HasSubstr("column 1 of the header"));
  EXPECT_THAT(header.hint, HasSubstr("iconv -f latin1"));
  EXPECT_TRUE(Parse("x,label\n1,\xef\xbf\xbd\n2,a\n").ok()) << "U+FFFD itself is a character";
}

TEST(Csv, ListsTheColumnsIfThereIsNoSuchLabel) {
  EXPECT_EQ(FailsToParse("x,y,Label\n1,2,3\n").message,
            "no column 'label' (data.label) in the header; it has x, y, Label");
  EXPECT_THAT(FailsToParse("x,y,labels\n1,2,3\n").hint, HasSubstr("did you mean 'labels'?"));
  EXPECT_THAT(FailsToParse("5.1,3.5,0\n4.9,3.0,1\n").hint, HasSubstr("data.header=false"));
}

TEST(Csv, NamesLineColumnAndValueOfWhatIsNoNumber) {
  const Error error = FailsToParse("x,colour,label\n1,2,a\n1,\"dark\nred\",b\n");
  EXPECT_EQ(error.where, "t.csv:3");
  EXPECT_EQ(error.message, "column 'colour' holds 'dark red', which is no finite number");
  EXPECT_EQ(FailsToParse("x,label\n1,a\n,b\n").where, "t.csv:3");
  EXPECT_EQ(FailsToParse("x,label\n1,a\n,b\n").message, "column 'x' is empty");
  EXPECT_EQ(FailsToParse("x,label\n1,\" \"\n").message, "column 'label', the label, is empty");
  for (const char* value : {"inf", "-inf", "1e39", "1e400", "0x1", "1 2", "--1", "+-1", "1,5"}) {
    EXPECT_THAT(FailsToParse("x;label\n" + std::string(value) + ";a\n").message,
                HasSubstr("which is no finite number"))
        << value;
  }
}

TEST(Csv, RefusesTablesThatAreNone) {
  EXPECT_EQ(FailsToParse("").message, "'t.csv' is empty, expected a header and records");
  EXPECT_EQ(FailsToParse("x,label\n").message, "'t.csv' holds a header and no record");
  EXPECT_EQ(FailsToParse("label\na\n").message,
            "the header has no column besides the label, so there is no feature");
  EXPECT_EQ(FailsToParse("x,label\n1,a\n1,a,2\n").message, "the record has 3 fields, the header 2");
  EXPECT_EQ(FailsToParse("x,label\n1,a\n1\n").where, "t.csv:3");
  EXPECT_THAT(FailsToParse("x,label\n1,a\n1\n").hint, HasSubstr("a field is missing"));
  EXPECT_THAT(FailsToParse("x,label\n1,a\n1,a,2\n").hint, HasSubstr("quote fields"));
  EXPECT_EQ(FailsToParse(",x,label\n0,1,a\n").message, "column 1 of the header has no name");
  EXPECT_EQ(FailsToParse("label,x,label\na,1,a\n").message, "two columns are called 'label'");
}

TEST(Csv, TakesNoFirstRecordForAHeader) {
  const Error error = FailsToParse("0,1,2\n1,3,4\n", "0");
  EXPECT_EQ(error.where, "t.csv:1");
  EXPECT_EQ(error.message, "the first line holds numbers alone: names of columns, or a record?");
  EXPECT_THAT(error.hint, HasSubstr("data.header=false"));
  // The other way that the hint tells: names that are numbers, as pandas gives them.
  const auto named = ParseCsv(Bytes("0,1,2\n1,3,4\n"), "t.csv", {.label = "2", .header = "true"});
  ASSERT_TRUE(named.ok()) << named.error().message;
  EXPECT_THAT(named->dataset.floats, ElementsAre(1, 3));
  EXPECT_TRUE(Parse("label,0,1\na,3,4\n").ok()) << "a name among numbers";
}

TEST(Csv, TakesNoFirstRecordWithAClassForAHeader) {
  const std::string_view iris =
      "5.1,3.5,Iris-setosa\n7.0,3.2,Iris-versicolor\n4.9,3.0,Iris-setosa\n";
  const Error error = FailsToParse(iris, "Iris-setosa");
  EXPECT_EQ(error.where, "t.csv:1");
  EXPECT_EQ(error.message,
            "'Iris-setosa' is the name of a column, and a class too (line 3): names of columns, or "
            "a record?");
  EXPECT_THAT(error.hint, HasSubstr("data.header=false"));
  EXPECT_THAT(FailsToParse("a,5.1\nb,4.9\na,4.7\n", "a").message, HasSubstr("(line 3)"));
  const auto named = ParseCsv(Bytes(iris), "t.csv", {.label = "Iris-setosa", .header = "true"});
  ASSERT_TRUE(named.ok()) << named.error().message;
  EXPECT_EQ(named->dataset.size(), 2u);
  EXPECT_TRUE(Parse("0,1,label\n3,4,a\n", "label").ok()) << "numbers as names, and a name";
  EXPECT_TRUE(Parse("words,spam\n3,spam\n4,ham\n", "spam").ok()) << "names, one of them a class";
}

TEST(Csv, TellsOfAColumnThatCountsTheRecords) {
  const auto notes = [](const std::string& name, int first, int records, int step = 1) {
    std::string text = "x," + name + ",label\n";
    for (int i = 0; i < records; ++i)
      text += "7," + std::to_string(first + i * step) + (i % 2 == 0 ? ",a\n" : ",b\n");
    const auto loaded = Parse(text);
    return loaded ? loaded->notes : std::vector<std::string>{loaded.error().message};
  };
  for (const int first : {0, 1})
    EXPECT_THAT(notes("index", first, 5),
                ElementsAre(HasSubstr("column 'index' counts the records")));
  EXPECT_THAT(notes("index", 0, 4), IsEmpty()) << "four may count by accident";
  EXPECT_THAT(notes("year", 2, 5), IsEmpty());
  EXPECT_THAT(notes("even", 0, 5, 2), IsEmpty());
  // The label may count: classes are no features.
  EXPECT_THAT(Parse("x,label\n7,0\n7,1\n7,2\n7,3\n7,4\n")->notes, IsEmpty());
  EXPECT_THAT(Parse("label,n\na,0\na,1\nb,2\nb,3\na,4\n")->notes,
              ElementsAre(HasSubstr("column 'n'")));
}

TEST(Csv, AColumnCountsInAFolderIfItDoesInEachFile) {
  const auto notes = [](const char* second) {
    const TestFolder folder;
    folder.Write("a.csv", Text("i,label\n0,a\n1,b\n2,a\n3,b\n4,b\n"));
    folder.Write("b.csv", Text(std::string("i,label\n") + second));
    const auto loaded = ReadCsv(folder.path(), {});
    return loaded ? loaded->notes : std::vector<std::string>{loaded.error().message};
  };
  EXPECT_EQ(notes("0,a\n1,b\n").size(), 1u) << "it begins again";
  EXPECT_EQ(notes("5,a\n6,b\n").size(), 1u) << "it goes on";
  EXPECT_THAT(notes("9,a\n10,b\n"), IsEmpty());
  EXPECT_THAT(notes("5,a\n7,b\n"), IsEmpty());
}

TEST(Csv, WithoutAHeaderTheLabelIsANumberOfAColumn) {
  const auto parse = [](const std::string& label) {
    return ParseCsv(Bytes("0,1,7\n1,3,8\n"), "t.csv", {.label = label, .header = "false"});
  };
  const auto first = parse("0"), last = parse("-1"), middle = parse("-2");
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_THAT(first->class_names, ElementsAre("0", "1"));
  EXPECT_THAT(first->dataset.floats, ElementsAre(1, 7, 3, 8));
  EXPECT_THAT(last->class_names, ElementsAre("7", "8"));
  EXPECT_THAT(middle->class_names, ElementsAre("1", "3"));
  for (const char* label : {"label", "3", "-4", "-0", "-", "", "1.0"}) {
    const auto refused = parse(label);
    ASSERT_FALSE(refused.ok()) << label;
    EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
    EXPECT_EQ(refused.error().key, "data.label");
    EXPECT_THAT(refused.error().message, HasSubstr("from 0 to 2")) << label;
  }
  const auto ragged = ParseCsv(Bytes("0,1\n1\n"), "t.csv", {.label = "0", .header = "false"});
  EXPECT_EQ(ragged.error().where, "t.csv:2");
  EXPECT_EQ(ragged.error().message, "the record has 1 field, the first one 2");
}

TEST(Csv, ReadsWhatIsTooSmallForANumberAsZero) {
  const auto loaded = Parse("x,label\n1e-400,a\n-1e-400,b\n1e-50,a\n");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->dataset.floats, ElementsAre(0, 0, 0));
}

TEST(Csv, RefusesTheIndexOfPandas) {
  for (const char* name : {"Unnamed: 0", "Unnamed: 12", "Unnamed: 0.1", "Unnamed: 0_level_0", ""}) {
    const Error error = FailsToParse(std::string("x,") + name + ",label\n1,0,a\n");
    EXPECT_EQ(error.where, "t.csv:1");
    EXPECT_THAT(error.message, HasSubstr("column 2 ")) << name;
    EXPECT_THAT(error.hint, HasSubstr("index=False")) << name;
  }
  EXPECT_TRUE(Parse("Unnamed: x,label\n1,a\n").ok());
  EXPECT_TRUE(Parse("Unnamed: ,label\n1,a\n").ok());
  EXPECT_TRUE(Parse("Unnamed: 3x,label\n1,a\n").ok());
}

TEST(Csv, LabelsThatAreEqualAsNumbersAreOneClass) {
  const auto loaded = Parse("x,label\n1,1.0\n1,01\n1,1\n1,2\n1,+2\n1,1e0\n");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->class_names, ElementsAre("1", "2"));
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(0, 0, 0, 1, 1, 0));
  EXPECT_EQ(loaded->dataset.classes, 2);
  const auto mixed = Parse("x,label\n1,1.0\n1,b\n1,1\n");
  EXPECT_THAT(mixed->class_names, ElementsAre("1", "b"));
  EXPECT_THAT(mixed->dataset.labels, ElementsAre(0, 1, 0));
  const auto names = Parse("x,label\n1,9007199254740992\n1,9007199254740993\n");
  EXPECT_EQ(names->dataset.classes, 2) << "too long to be told apart as doubles";
}

TEST(Csv, NamesMissingValuesAndOtherWaysToWriteNumbers) {
  for (const char* value : {"NA", "NaN", "nan", "N/A", "null", "None", "?"}) {
    EXPECT_THAT(FailsToParse("x,label\n" + std::string(value) + ",a\n").message,
                HasSubstr("a missing value"))
        << value;
  }
  const std::pair<const char*, const char*> numbers[] = {
      {"1,5", "write a decimal point: 1.5"},
      {"-0,500", "write a decimal point: -0.500"},
      {"1234,567", "write a decimal point: 1234.567"},
      {"1,234", "write 1234 if the comma stands between thousands, 1.234 if it is a decimal comma"},
      {"1,234,567", "write no commas between thousands: 1234567"},
      {"-1,234.5", "write no commas between thousands: -1234.5"},
      {"1.234,5", "write a decimal point, and nothing between thousands: 1234.5"}};
  for (const auto& [number, hint] : numbers)
    EXPECT_EQ(FailsToParse(std::string("x;label\n") + number + ";a\n").hint, hint) << number;
  EXPECT_THAT(FailsToParse("x;label\n1,2,3;a\n").hint, HasSubstr("features are decimal numbers"));
  EXPECT_THAT(FailsToParse("x;label\n\u22121;a\n").hint, HasSubstr("minus sign of the keyboard"));
  EXPECT_THAT(FailsToParse("x;label\n1\u00A0;a\n").hint, HasSubstr("a no-break space, U+00A0"));
  EXPECT_THAT(FailsToParse("x;label\n1e39;a\n").hint, HasSubstr("too large for a feature"));
  EXPECT_THAT(FailsToParse("x,label\nTrue,a\n").hint, HasSubstr("write 1 and 0"));
  EXPECT_THAT(FailsToParse("x,label\n1,a,\n").hint, HasSubstr("at the end of the line"));
  EXPECT_THAT(FailsToParse("x label\n1 a\n").hint, HasSubstr("tr -s"));
  EXPECT_EQ(FailsToParse("x,y,x,label\n1,2,3,a\n").message, "two columns are called 'x'");
}

// R's NA and pandas' NaN became a class of their own, and nothing said so.
TEST(Csv, TellsOfLabelsThatAreMissing) {
  for (const char* missing : {"NaN", "NA", "null", "none", "?"}) {
    const Error error = FailsToParse(fmt::format("a,label\n1,0\n2,{}\n3,1\n", missing));
    EXPECT_EQ(error.where, "t.csv:3") << missing;
    EXPECT_THAT(error.message,
                HasSubstr(fmt::format("'label', the label, holds '{}': a missing value", missing)));
    EXPECT_THAT(error.hint, HasSubstr("dropna"));
  }
  const auto words = Parse("a,label\n1,cat\n2,NA\n3,dog\n4,NA\n");
  ASSERT_TRUE(words);
  EXPECT_THAT(words->class_names, ElementsAre("NA", "cat", "dog"));
  EXPECT_THAT(words->notes, ElementsAre(HasSubstr("t.csv:3: the label 'NA' is taken for a class (2 "
                                                  "records)")));
  EXPECT_THAT(Parse("a,label\n1,mild\n2,none\n3,severe\n")->notes, IsEmpty())
      << "a class like others";
}

TEST(Csv, NamesTheNamesOfRowsThatRWrites) {
  EXPECT_THAT(FailsToParse("a,label\n1,0.5,x\n2,0.5,y\n").hint, HasSubstr("row.names=FALSE"));
  EXPECT_THAT(FailsToParse("a,label\n0.5,x\n2,0.5,y\n").hint,
              testing::Not(HasSubstr("row.names=FALSE")));
}

TEST(Csv, NamesTheEncodingOfATextThatIsNoUtf8) {
  const std::string_view wide("\xff\xfex\0,\0l\0\n\0", 10);
  EXPECT_EQ(FailsToParse(wide).message, "'t.csv' is in UTF-16, expected UTF-8");
  EXPECT_EQ(FailsToParse(wide).hint, "convert it: iconv -f utf-16 -t utf-8 t.csv > NEW");
  const auto packed = ParseCsv(Gzip(Text(wide)), "t.csv.gz", {});
  EXPECT_EQ(packed.error().hint, "convert it: gzip -dc t.csv.gz | iconv -f utf-16 -t utf-8 > NEW");
}

TEST(Csv, NamesFilesThatAreNoTables) {
  const std::pair<const char*, const char*> files[] = {
      {"<?xml version=\"1.0\"?>\n<Error/>\n", "XML"},
      {"@RELATION iris\n", "ARFF"},
      {"{\"a\": 1, \"b\": 2}\n", "JSON"},
      {"1 1:0.5 7:-2\n", "LIBSVM"},
      {"# made by hand\nx,label\n1,a\n", "is a comment"}};
  for (const auto& [text, what] : files)
    EXPECT_THAT(FailsToParse(text).message, HasSubstr(what)) << text;
  EXPECT_THAT(FailsToParse("# label,x\na,1\n").hint, HasSubstr("sed '1s/^# *//'"));
  EXPECT_TRUE(Parse("# x,label\n1,a\n").ok()) << "read before, and harmless";
}

TEST(Csv, SaysWhichTablesOfAFolderAreNotRead) {
  const TestFolder folder;
  folder.Write("train.csv", Text("x,label\n1,yes\n2,no\n"));
  folder.Write("test.csv", Text("x,label\n3,yes\n"));
  folder.Write("val.csv", Text("x,label\n3,yes\n"));
  const auto loaded = ReadCsv(folder.path(), {});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  ASSERT_EQ(loaded->notes.size(), 1u);
  EXPECT_THAT(loaded->notes[0], HasSubstr("val.csv' is not read"));
}

TEST(Csv, RefusesALabelThatIsNoClass) {
  std::string text = "x,label\n";
  for (int i = 0; i <= 65536; ++i) text += "0," + std::to_string(i) + "\n";
  EXPECT_EQ(FailsToParse(text).where, "t.csv:65538");
  EXPECT_THAT(FailsToParse(text).message, HasSubstr("more than 65536 different values"));
}

TEST(Csv, NeverFallsOverAPrefix) {
  const std::string_view whole = "x,y,label\r\n1.5,2,\"a, \"\"b\"\"\"\r\n-3,4e1,\"c\nd\"\r\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto loaded = Parse(whole.substr(0, size));
    if (!loaded) continue;
    EXPECT_EQ(loaded->dataset.floats.size(), 2 * loaded->dataset.size()) << size;
  }
  const Content packed = Gzip(Text(whole));
  EXPECT_EQ(ParseCsv(packed, "t.csv.gz", {})->dataset.size(), 2u);
  for (std::size_t size = 0; size < packed.size(); ++size)
    EXPECT_FALSE(ParseCsv(std::span(packed).first(size), "t.csv.gz", {}).ok()) << size;
}

TEST(Csv, AFolderIsOneSourceAFile) {
  const TestFolder folder;
  folder.Write("b.csv", Text("x,label\n3,no\n"));
  folder.Write("a.CSV", Text("x,label\n1,yes\n2,no\n"));
  folder.Write("c.csv.gz", Gzip(Text("x,label\n4,maybe\n")));
  folder.Write("notes.txt", Text("not read"));
  const auto loaded = ReadCsv(folder.path(), {});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->dataset.floats, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(2, 1, 1, 0));
  EXPECT_THAT(loaded->sources, ElementsAre(0, 0, 1, 2));
  EXPECT_THAT(loaded->source_names, ElementsAre("a", "b", "c"));
  EXPECT_EQ(loaded->train_examples, 4u);
  EXPECT_EQ(loaded->files.size(), 3u);
}

TEST(Csv, AFolderWithTrainAndTestIsSplit) {
  const TestFolder folder;
  folder.Write("train.csv", Text("x,label\n1,yes\n2,no\n"));
  folder.Write("test.csv", Text("x,label\n3,maybe\n"));
  folder.Write("sample.csv", Text("something else"));
  const auto loaded = ReadCsv(folder.path(), {});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_THAT(loaded->dataset.floats, ElementsAre(1, 2, 3));
  EXPECT_THAT(loaded->dataset.labels, ElementsAre(2, 1, 0));
  EXPECT_EQ(loaded->train_examples, 2u);
  EXPECT_THAT(loaded->sources, IsEmpty());
}

TEST(Csv, FilesOfAFolderShareOneHeader) {
  const TestFolder folder;
  EXPECT_THAT(ReadCsv(folder.path(), {}).error().message, HasSubstr("holds no .csv file"));
  folder.Write("a.csv", Text("x,label\n1,yes\n"));
  folder.Write("b.csv", Text("y,label\n1,yes\n"));
  const auto loaded = ReadCsv(folder.path(), {});
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().message, "column 1 is 'y', but 'x' in the file before");
  EXPECT_THAT(loaded.error().where, HasSubstr("b.csv:1"));
  EXPECT_THAT(ReadCsv(folder.path() / "no.csv", {}).error().message, HasSubstr("cannot open"));
}

}  // namespace
}  // namespace delstep
