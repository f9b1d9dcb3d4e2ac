// SPDX-License-Identifier: Apache-2.0
// Reads sounds by libsndfile, out of memory and block by block: what a header says of their length is not believed.
#include "models/audio/sound_decoder.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <mutex>
#include <span>

#include "models/audio/flac_frames.h"
#include "models/audio/ogg_pages.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

const bool decodes_sounds = true;

namespace {

constexpr int64_t block_samples = 65'536;

// A file's bytes as libsndfile asks for them.
struct BytesFile {
  std::string_view bytes;
  sf_count_t at = 0;

  sf_count_t size() const { return static_cast<sf_count_t>(bytes.size()); }
};

sf_count_t size_of(void* file) { return static_cast<BytesFile*>(file)->size(); }

sf_count_t place_in(void* file) { return static_cast<BytesFile*>(file)->at; }

// As fseek does, but for places behind the end, which are the end.
sf_count_t seek_in(sf_count_t offset, int whence, void* file) {
  auto& in = *static_cast<BytesFile*>(file);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? in.at : in.size();
  if (offset < -from) return -1;
  in.at = from + std::min(offset, in.size() - from);
  return in.at;
}

sf_count_t read_from(void* to, sf_count_t count, void* file) {
  auto& in = *static_cast<BytesFile*>(file);
  const sf_count_t taken = std::clamp<sf_count_t>(count, 0, in.size() - in.at);
  std::memcpy(to, in.bytes.data() + in.at, static_cast<size_t>(taken));
  in.at += taken;
  return taken;
}

sf_count_t write_nothing(const void*, sf_count_t, void*) { return 0; }

// "Error : what is wrong." -> "what is wrong"
std::string reason(const char* message) {
  std::string_view text(message);
  for (const std::string_view beginning : {"Error : ", "Error: "})
    if (text.starts_with(beginning)) text.remove_prefix(beginning.size());
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('.')) text.remove_suffix(1);
  return one_line(text);
}

struct Close {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using OpenSound = std::unique_ptr<SNDFILE, Close>;

OpenSound open(BytesFile& file, SF_INFO& info, const std::string& path) {
  static std::mutex opening;  // libsndfile keeps in a global why a file could not be opened
  const std::lock_guard lock(opening);
  SF_VIRTUAL_IO access{size_of, seek_in, read_from, write_nothing, place_in};
  OpenSound sound(sf_open_virtual(&access, SFM_READ, &info, &file));
  if (!sound) fail("{}: is no sound that can be read: {}", path, reason(sf_strerror(nullptr)));
  if (info.samplerate < lowest_rate || info.samplerate > highest_rate)
    fail("{}: has {} samples a second; {} to {} are read", path, info.samplerate, lowest_rate, highest_rate);
  return sound;
}

// Appends the means of the channels of whole frames.
void append(std::span<const float> block, int64_t channels, const std::string& path, std::vector<float>& samples) {
  for (auto at = block.begin(); at != block.end(); at += channels) {
    double sum = 0;
    for (int64_t channel = 0; channel < channels; ++channel) {
      const float sample = at[channel];
      if (!(std::abs(sample) <= loudest_sample))
        fail("{}: sample {} of channel {} is {}; sounds are read up to {}", path, samples.size(), channel + 1, sample,
             loudest_sample);
      sum += static_cast<double>(sample);
    }
    samples.push_back(static_cast<float>(sum / static_cast<double>(channels)));
  }
}

void check_length(int64_t frames, const SF_INFO& info, const std::string& path) {
  if (frames > longest_sound * info.samplerate) fail("{}: is longer than {} seconds", path, longest_sound);
  if (frames > most_sound_samples / info.channels)
    fail("{}: has more than {} samples in its {} channels", path, most_sound_samples, info.channels);
}

// To be asked behind each read: libsndfile forgets with the next one what went wrong, and goes on behind it.
void check_was_read(SNDFILE* in, size_t samples, const std::string& path) {
  if (sf_error(in) == SF_ERR_NO_ERROR) return;
  fail("{}: cannot be read behind sample {}: {}", path, samples, reason(sf_strerror(in)));
}

}  // namespace

Sound decode_sound(std::string_view bytes, const std::string& path) {
  if (bytes.starts_with("fLaC")) check_flac_frames(bytes, path);
  BytesFile file{bytes.starts_with("OggS") ? whole_ogg_pages(bytes, path) : bytes};
  SF_INFO info{};
  const OpenSound in = open(file, info, path);
  Sound sound{.sample_rate = info.samplerate, .samples = {}};
  std::vector<float> block(static_cast<size_t>(std::max<int64_t>(1, block_samples / info.channels) * info.channels));
  const auto block_frames = static_cast<sf_count_t>(block.size()) / info.channels;
  for (sf_count_t frames; (frames = sf_readf_float(in.get(), block.data(), block_frames)) > 0;) {
    check_was_read(in.get(), sound.samples.size(), path);
    check_length(std::ssize(sound.samples) + frames, info, path);
    append(std::span(block).first(static_cast<size_t>(frames * info.channels)), info.channels, path, sound.samples);
  }
  check_was_read(in.get(), sound.samples.size(), path);
  if (sound.samples.empty()) fail("{}: has no samples", path);
  if (std::ssize(sound.samples) < info.frames && info.frames < SF_COUNT_MAX)
    fail("{}: is cut off: {} samples are there, its header says {}", path, sound.samples.size(), info.frames);
  return sound;
}

}  // namespace thaw
