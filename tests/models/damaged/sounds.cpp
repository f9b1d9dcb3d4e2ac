// SPDX-License-Identifier: Apache-2.0
// Sounds, and what their headers can promise: WAV; FLAC and Ogg, with check sums that are right.
#include <cstdint>
#include <string>
#include <vector>

#include "models/audio/sound.h"
#include "tests/file_bytes.h"
#include "tests/models/audio/wav_bytes.h"
#include "tests/models/damaged/kind_of_file.h"
#include "tests/models/damaged/made_flac.h"
#include "tests/source_folder.h"

namespace thaw {
namespace {

using enum AfterDamage;
using namespace std::string_literals;

std::string content(const std::string& path) {
  const Sound sound = read_sound(path);
  return std::to_string(sound.sample_rate) + " " + memory_of(sound.samples);
}

// A chunk that says how long it is.
std::string wav_chunk(const std::string& name, uint32_t said, const std::string& data) {
  return name + low_bytes(said, 4) + data;
}

KindOfFile wav_kind() {
  std::vector<int16_t> samples;
  for (int i = 0; i < 200; ++i) samples.push_back(static_cast<int16_t>(i * 150));
  const std::string numbers = bytes_of(samples);
  KindOfFile kind{.name = "wav",
                  .whole = wav_bytes({}, numbers),
                  .unpacked = 64,  // GSM 6.10 makes 160 samples, of 4 bytes, of 33, and room for twice as many
                  .read = content,
                  .longer = same};
  constexpr size_t format = 20, channels = 22, rate = 24, block = 32, bits = 34, data = 36;
  const auto add = [&](const char* what, size_t at, const std::string& bytes, AfterDamage expected = refused) {
    kind.own.push_back({what, with_bytes(kind.whole, at, bytes), expected});
  };
  add("no channels", channels, "\0\0"s);
  add("65,535 channels", channels, "\xFF\xFF");
  add("1,024 channels", channels, "\0\4"s, anything);
  add("no rate", rate, "\0\0\0\0"s);
  add("a rate of 4 GHz", rate, "\xFF\xFF\xFF\xFF");
  add("blocks of no bytes", block, "\0\0"s, anything);
  add("blocks of 65,535 bytes", block, "\xFF\xFF", anything);
  add("no bits", bits, "\0\0"s, anything);
  add("65,535 bits", bits, "\xFF\xFF", anything);
  for (const int of : {2, 3, 6, 7, 0x11, 0x31, 0x55, 0x161, 0xFFFE})
    add(("format " + std::to_string(of)).c_str(), format, low_bytes(static_cast<uint64_t>(of), 2), anything);
  add("data of 4 GB", data + 4, "\xFF\xFF\xFF\xFF", same);
  add("data of 2 GB", data + 4, "\xFF\xFF\xFF\x7F", same);
  add("no data", data + 4, "\0\0\0\0"s, anything);
  const auto put = [&](const char* what, const std::string& chunk, AfterDamage expected) {
    kind.own.push_back({what, kind.whole.substr(0, data) + chunk + kind.whole.substr(data), expected, chunk.size()});
  };
  for (const char* name : {"LIST", "cue ", "smpl", "PEAK", "fact", "bext", "cart", "acid", "inst", "abcd"}) {
    put((name + " of 4 GB"s).c_str(), wav_chunk(name, 0xFFFFFFF0, "abcd"), anything);
    put((name + " of ones"s).c_str(), wav_chunk(name, 64, std::string(64, '\xFF')), anything);
  }
  put("a long text", wav_chunk("LIST", 100'000, "INFOINAM" + low_bytes(99'988, 4) + std::string(99'988, 'a')), same);
  return kind;
}

KindOfFile flac_kind() {
  KindOfFile kind{.name = "flac",
                  .whole = MadeFlac().bytes(),
                  // Such a frame of 4,096 equal samples has 12 bytes; a vector that grows has room for twice as many.
                  .unpacked = 3 * 4 * 4096 / 12,
                  .read = content,
                  .changed = anything,  // of the header; below, what has a check sum
                  .longer = same_or_refused};
  const auto add = [&](const char* what, const MadeFlac& flac, AfterDamage expected) {
    kind.own.push_back({what, flac.bytes(), expected, flac.metadata.size()});
  };
  add("more samples than there are", {.said = 90'000}, refused);
  add("2^36 samples", {.said = 0xFFFFFFFFF}, refused);
  add("fewer samples than there are", {.said = 4096}, anything);
  add("unknown how many samples", {.said = 0}, anything);
  add("no rate", {.rate = 0}, refused);
  add("the highest rate", {.rate = 0xFFFFF}, refused);
  add("another number of channels", {.channels = 8}, anything);
  for (const char of : "\0\1\2\3\4\5\6\x7E"s) {
    add("a block of 16 MB", {.metadata = flac_block(of, 0xFFFFFF, "abcd"), .more_metadata = true}, refused);
    add("a block of ones", {.metadata = flac_block(of, 64, std::string(64, '\xFF')), .more_metadata = true}, anything);
    add("an empty block", {.metadata = flac_block(of, 0, ""), .more_metadata = true}, anything);
  }
  const MadeFlac flac;
  const std::string whole = flac.bytes(), frame = flac.frame(0);
  for (int number = 0; number < flac.frames; ++number) {
    const size_t begin = flac.header().size() + static_cast<size_t>(number) * frame.size();
    for (const size_t at : {size_t{0}, size_t{4}, size_t{9}, frame.size() - 1})
      kind.own.push_back({"byte " + std::to_string(at) + " of frame " + std::to_string(number),
                          with_bytes(whole, begin + at, std::string{static_cast<char>(whole[begin + at] ^ 0x10)}),
                          refused});
    kind.own.push_back({"without frame " + std::to_string(number), without(whole, begin, frame.size()), refused});
  }
  return kind;
}

// The pages of an Ogg file (RFC 3533), changed and given a check sum that is right.
struct OggPage {
  static constexpr size_t granule = 6, check_sum = 22, segments = 26;

  static size_t size_at(const std::string& file, size_t begin) {
    const auto count = static_cast<unsigned char>(file.at(begin + segments));
    size_t size = segments + 1 + count;
    for (size_t i = 0; i < count; ++i) size += static_cast<unsigned char>(file.at(begin + segments + 1 + i));
    return size;
  }

  static std::string summed(std::string page) {
    page = with_bytes(page, check_sum, std::string(4, '\0'));
    return with_bytes(page, check_sum, low_bytes(checksum(page, 32, 0x04C11DB7), 4));
  }
};

std::vector<std::string> ogg_pages(const std::string& file) {
  std::vector<std::string> pages;
  for (size_t at = 0; at < file.size(); at += pages.back().size())
    pages.push_back(file.substr(at, OggPage::size_at(file, at)));
  return pages;
}

KindOfFile ogg_kind() {
  KindOfFile kind{.name = "ogg",
                  .whole = read_bytes((source_folder() / "tests/models/audio/sounds/tone.ogg").string()),
                  .unpacked = 1024,  // packets of a byte are up to 8,192 samples of silence, few of them in a page
                  .read = content,
                  .changed = refused,
                  .longer = same};
  const std::vector<std::string> pages = ogg_pages(kind.whole);
  const auto add = [&](const std::string& what, size_t page, size_t at, const std::string& bytes,
                       AfterDamage expected) {
    std::string file;
    for (size_t i = 0; i < pages.size(); ++i)
      file += i == page ? OggPage::summed(with_bytes(pages[i], at, bytes)) : pages[i];
    kind.own.push_back({what + " in page " + std::to_string(page), file, expected});
  };
  constexpr size_t vorbis = 28;  // where the first page's packet begins
  add("no channels", 0, vorbis + 11, "\0"s, refused);
  add("255 channels", 0, vorbis + 11, "\xFF", refused);
  add("no rate", 0, vorbis + 12, "\0\0\0\0"s, refused);
  add("the highest rate", 0, vorbis + 12, "\xFF\xFF\xFF\xFF", refused);
  add("blocks of 2^15", 0, vorbis + 28, "\xFF", refused);
  add("another version", 0, vorbis + 7, "\1", refused);
  add("another codec", 0, vorbis, "\x7Ftheora", refused);
  for (size_t page = 1; page < pages.size(); ++page) {
    const size_t packet = OggPage::segments + 1 + static_cast<unsigned char>(pages[page][OggPage::segments]);
    add("a packet of ones", page, packet, std::string(40, '\xFF'), anything);
    add("a long text", page, packet + 7, "\xFF\xFF\xFF\xFF", anything);
    add("a wrong magic", page, 0, "Oggs", refused);
    add("a place behind all", page, OggPage::granule, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", anything);
    add("no place", page, OggPage::granule, std::string(8, '\xFF'), anything);
    add("another stream", page, 14, "abcd", refused);
    add("another number", page, 18, "\x77", refused);
    add("no end", page, 5, "\0"s, page + 1 == pages.size() ? refused : same);
  }
  for (size_t page = 0; page < pages.size(); ++page) {
    std::string file;
    for (size_t i = 0; i < pages.size(); ++i)
      if (i != page) file += pages[i];
    kind.own.push_back({"without page " + std::to_string(page), file, refused});
  }
  return kind;
}

}  // namespace

std::vector<KindOfFile> sound_kinds() {
  if (!reads_sounds()) return {};
  return {wav_kind(), flac_kind(), ogg_kind()};
}

}  // namespace thaw
