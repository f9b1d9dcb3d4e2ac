// SPDX-License-Identifier: Apache-2.0
// Kinds of files that people give a model to read, each with a small whole file and what was done to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// What a reader may make of a damaged file.
enum class AfterDamage {
  refused,          // one line
  same,             // what the whole file holds: the damage is where nothing is read
  same_or_refused,  // never other content: a checksum is over it
  beginning,        // so much of what the whole file holds, and no more
  anything,         // other content of the kind, too: nothing in the file tells that it is not meant
};

struct FileDamage {
  std::string what;
  std::string bytes;
  AfterDamage expected = AfterDamage::refused;
  size_t passed_over = 0;  // bytes that no memory is to be taken for
  size_t held = 0;         // AfterDamage::beginning: bytes of the content
};

// The first bytes of a file that are a whole one themselves.
struct WholePart {
  size_t bytes;  // of the file
  size_t held;   // of its content
};

struct KindOfFile {
  std::string name;     // of the kind, and of its files, behind their number
  std::string whole;    // bytes
  size_t unpacked = 0;  // the most bytes of memory that one byte of a file of the kind stands for
  // All that is in it, to be compared.
  std::function<std::string(const std::string& path)> read;
  AfterDamage cut = AfterDamage::refused;       // anywhere but behind a whole part
  AfterDamage changed = AfterDamage::anything;  // bytes
  AfterDamage longer = AfterDamage::same;       // by what stands behind
  std::vector<WholePart> parts = {};            // shorter than it is
  std::vector<FileDamage> own = {};             // headers, which are of its kind alone
};

// As thaw was built and goldens are there: PNG, JPEG, PPM and PGM; IDX, plain and gzip'd.
std::vector<KindOfFile> picture_kinds();
// WAV, FLAC, Ogg Vorbis.
std::vector<KindOfFile> sound_kinds();
// Y4M.
std::vector<KindOfFile> film_kinds();

// Those of every kind, and the kind's own.
std::vector<FileDamage> damages_of(const KindOfFile& kind);

// `bytes` with others in the place of those at `at`.
std::string with_bytes(std::string bytes, size_t at, std::string_view others);
std::string without(const std::string& bytes, size_t at, size_t count);
// Numbers as they lie in memory.
template <typename T>
std::string memory_of(const std::vector<T>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)};
}

}  // namespace thaw
