#include "base/file_kind.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>

namespace delstep {
namespace {

using ::testing::HasSubstr;
using namespace std::string_literals;

std::string MessageOf(const std::optional<Error>& error) {
  EXPECT_TRUE(!error || error->code == ErrorCode::kFile);
  return error ? error->message + " / " + error->hint : "fine";
}

TEST(FileKind, NamesWhatStandsInForAFile) {
  EXPECT_EQ(MessageOf(StandIn("version https://git-lfs.github.com/spec/v1\noid sha256:", "w.pt")),
            "'w.pt' is a pointer of Git LFS, not the file itself / fetch the file, in its "
            "repository: git lfs pull");
  EXPECT_THAT(MessageOf(StandIn("/annex/objects/SHA256E-s5--1.csv\n", "a b.csv")),
              HasSubstr("git annex get 'a b.csv'"));
  for (const char* page : {"<!DOCTYPE html>", "\n <html lang=en>", "\xef\xbb\xbf<!doctype HTML "})
    EXPECT_THAT(MessageOf(StandIn(page, "m.npz")), HasSubstr("is a web page (HTML)")) << page;
  EXPECT_EQ(MessageOf(StandIn("<!DOCTYPE html>", "page.HTML")), "fine");
  for (const char* text : {"", "version 2\n", "<graphml>", "a,b\n"})
    EXPECT_EQ(MessageOf(StandIn(text, "x")), "fine") << text;
}

TEST(FileKind, NamesPackedFilesUnlessTheReaderUnpacksThem) {
  const std::pair<std::string, const char*> kinds[] = {{"\x1f\x8b\x08\0"s, "gzip -dc x > NEW"},
                                                       {"PK\x03\x04"s, "unzip x"},
                                                       {"\xfd"s + "7zXZ\0"s, "xz -dc x > NEW"},
                                                       {"\x28\xb5\x2f\xfd"s, "zstd -dc x > NEW"},
                                                       {"BZh91AY&SY"s, "bzip2 -dc x > NEW"},
                                                       {"7z\xbc\xaf\x27\x1c"s, "7z x x"},
                                                       {"\x89HDF\r\n\x1a\n"s, ".npz"},
                                                       {"PAR1\x15\4"s, "to_csv"},
                                                       {"%PDF-1.7"s, "its text"},
                                                       {"\x93NUMPY"s, "numpy.savez"}};
  for (const auto& [bytes, hint] : kinds)
    EXPECT_THAT(MessageOf(OtherKind(bytes, "x")), HasSubstr(hint));
  std::string sheet(60, '.');
  sheet.replace(0, 4, "PK\x03\x04");
  sheet.replace(30, 19, "[Content_Types].xml");
  EXPECT_THAT(MessageOf(OtherKind(sheet, "x")), HasSubstr("save the sheet as CSV"));
  for (const std::string part : {"docProps/app.xml", "docProps/core.xml", "_rels/.rels",
                                 "xl/workbook.xml", "xl/worksheets/sheet1.xml", "word/document.xml",
                                 "mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK"}) {
    std::string other = "PK\x03\x04" + std::string(26, '.') + part;
    EXPECT_THAT(MessageOf(OtherKind(other, "x.xlsx")), HasSubstr("save the sheet as CSV")) << part;
    other.replace(30, 4, "cats");
    EXPECT_THAT(MessageOf(OtherKind(other, "x.zip")), HasSubstr("unzip x.zip"));
  }
  EXPECT_THAT(MessageOf(OtherKind("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x")),
              HasSubstr("(.xls, .doc)"));
  std::string checkpoint(100, '.');
  checkpoint.replace(0, 4, "PK\x03\x04");
  checkpoint.replace(30, 49, "manifest.json{\n  \"format\": \"DEL-Step checkpoint\"");
  EXPECT_THAT(MessageOf(OtherKind(checkpoint, "x")), HasSubstr("delstep --resume x"));
  EXPECT_EQ(MessageOf(OtherKind(checkpoint, "x", "zip")), "fine");
  std::string archive(300, 'x');
  archive.replace(257, 5, "ustar");
  EXPECT_THAT(MessageOf(OtherKind(archive, "x")), HasSubstr("tar xf x"));
  EXPECT_EQ(MessageOf(OtherKind("\x1f\x8b\x08", "x", "gzip")), "fine");
  EXPECT_EQ(MessageOf(OtherKind("PK\x03\x04", "x", "gzip zip")), "fine");
  EXPECT_THAT(MessageOf(OtherKind("PK\x03\x04", "x", "gzip")), HasSubstr("is a zip archive"));
  for (const char* text : {"", "BZh,PAR1\n", "PAR1,PAR2\n", "7z,PK\n"})
    EXPECT_EQ(MessageOf(OtherKind(text, "x")), "fine") << text;
}

TEST(FileKind, NamesTheEncodingAndTheCommandThatConvertsIt) {
  EXPECT_EQ(MessageOf(NoText("\xff\xfe"
                             "a\0b\0"s,
                             "t.txt")),
            "'t.txt' is in UTF-16, expected UTF-8 / convert it: iconv -f utf-16 -t utf-8 t.txt > "
            "NEW");
  EXPECT_THAT(MessageOf(NoText("\xfe\xff\0a"s, "t")), HasSubstr("iconv -f utf-16 "));
  EXPECT_THAT(MessageOf(NoText("\xff\xfe\0\0a\0\0\0"s, "t")), HasSubstr("iconv -f utf-32 "));
  // Without a mark, by the places of the zeros.
  EXPECT_THAT(MessageOf(NoText("a\0b\0c\0"s, "t")), HasSubstr("iconv -f utf-16le "));
  EXPECT_THAT(MessageOf(NoText("\0a\0b\0c"s, "t")), HasSubstr("iconv -f utf-16be "));
  EXPECT_THAT(MessageOf(NoText("abcdef\0"s, "t")), HasSubstr("'t', byte 6: a byte 0"));
  EXPECT_EQ(MessageOf(NoText("\xef\xbb\xbf"
                             "abc",
                             "t")),
            "fine");
  EXPECT_EQ(MessageOf(NoText("K\xe4se", "t")), "fine") << "the reader says where";
}

TEST(FileKind, SuggestsNarrowEncodingsOnlyWhereTheyAreLikely) {
  EXPECT_THAT(EncodingHint("K\xe4se und Br\xf6tchen", "t"),
              HasSubstr("iconv -f latin1 -t utf-8 t"));
  EXPECT_THAT(EncodingHint("\x93Zitat\x94 und mehr", "t"), HasSubstr("iconv -f windows-1252 "));
  EXPECT_THAT(EncodingHint("K\xe4se", "a b.gz"), HasSubstr("gzip -dc 'a b.gz' | iconv -f latin1"));
  // UTF-8 that was cut, or of which one place is wrong: iconv would spoil the rest.
  for (const std::string& text : {"Stra\xc3"s, "M\xc3\xbcsli K\xe4se"s, "Caf\xc3\xa9 \xe2\x80"s})
    EXPECT_EQ(EncodingHint(text, "t"), kDamagedUtf8Hint);
  // Mostly beyond ASCII, or with control characters: any other encoding, or no text at all.
  for (const std::string& text :
       {"\xcf\xf0\xe8\xe2\xe5\xf2"s, "\xe4\x01\x02 abcdefgh"s, "\x81 abcde"s})
    EXPECT_EQ(EncodingHint(text, "t"), "save the text in UTF-8");
}

}  // namespace
}  // namespace delstep
