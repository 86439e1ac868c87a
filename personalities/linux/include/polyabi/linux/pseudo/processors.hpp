// /proc/cpuinfo, and what /sys says of processors. User code runs on the processor itself, so CPUID is asked.
#pragma once

#include <polyabi/linux/pseudo/processor_speed.hpp>

namespace polyabi::linux_abi::proc {

namespace processor {

struct leaf {
  u32 eax, ebx, ecx, edx;
};
inline leaf ask(u32 number, u32 sub = 0) {
  leaf l{};
  asm("cpuid" : "=a"(l.eax), "=b"(l.ebx), "=c"(l.ecx), "=d"(l.edx) : "a"(number), "c"(sub));
  return l;
}

/// One cache, as CPUID's leaf 4 (Intel) or 0x8000001d (AMD) tells.
struct cache {
  enum kind_of : u32 { none, data, instruction, unified };
  u32 kind = none, level = 0, sharing = 1, line = 0, partitions = 0, ways = 0, sets = 0;
  u64 size() const { return u64{line} * partitions * ways * sets; }
};
inline cache cache_at(u32 index) {
  constexpr u32 topology_extensions = 1 << 22, of_amd = 0x8000001d, of_intel = 4;
  const bool extended = ask(0x80000000).eax >= of_amd && (ask(0x80000001).ecx & topology_extensions) != 0;
  if (!extended && ask(0).eax < of_intel) return {};
  const leaf l = ask(extended ? of_amd : of_intel, index);
  return {l.eax & 31,          l.eax >> 5 & 7,           (l.eax >> 14 & 0xfff) + 1, (l.ebx & 0xfff) + 1,
          (l.ebx >> 12 & 0x3ff) + 1, (l.ebx >> 22) + 1, l.ecx + 1};
}
inline u32 cache_count() {
  u32 count = 0;
  while (count < 16 && cache_at(count).kind != cache::none) ++count;
  return count;
}

/// The size that /proc/cpuinfo has, in KiB: of the second level on AMD, of the last one on Intel; 0 if it is not known.
inline u64 told_cache_size(bool of_amd) {
  if (of_amd) return ask(0x80000000).eax >= 0x80000006 ? ask(0x80000006).ecx >> 16 : 0;
  u64 size = 0;
  u32 level = 0;
  for (u32 index = 0; index < cache_count(); ++index)
    if (const cache one = cache_at(index); one.level >= level) {
      level = one.level;
      size = one.size();
    }
  return kilobytes(size);
}

/// Linux' names of the feature bits (arch/x86/include/asm/cpufeatures.h), bit 0 first, empty where a bit has none.
inline constexpr std::string_view features_1_edx[] = {
    "fpu",  "vme",   "de", "pse",  "tsc", "msr",  "pae", "mce",  "cx8", "apic", "", "sep", "mtrr", "pge", "mca", "cmov",
    "pat",  "pse36", "pn", "clflush", "", "dts", "acpi", "mmx", "fxsr", "sse", "sse2", "ss", "ht", "tm", "ia64", "pbe"};
inline constexpr std::string_view features_1_ecx[] = {
    "pni", "pclmulqdq", "dtes64", "monitor", "ds_cpl", "vmx", "smx", "est", "tm2", "ssse3", "cid", "sdbg", "fma", "cx16", "xtpr",
    "pdcm", "", "pcid", "dca", "sse4_1", "sse4_2", "x2apic", "movbe", "popcnt", "tsc_deadline_timer", "aes", "xsave", "", "avx",
    "f16c", "rdrand", "hypervisor"};
inline constexpr std::string_view features_80000001_edx[] = {
    "", "", "", "", "", "", "", "", "", "", "", "syscall", "", "", "", "", "", "", "", "mp", "nx", "", "mmxext", "", "",
    "fxsr_opt", "pdpe1gb", "rdtscp", "", "lm", "3dnowext", "3dnow"};
inline constexpr std::string_view features_80000001_ecx[] = {"lahf_lm", "cmp_legacy", "svm", "extapic", "cr8_legacy", "abm",
                                                             "sse4a", "misalignsse", "3dnowprefetch"};
inline constexpr std::string_view features_7_ebx[] = {
    "fsgsbase", "tsc_adjust", "sgx", "bmi1", "hle", "avx2", "", "smep", "bmi2", "erms", "invpcid", "rtm", "cqm", "", "mpx", "rdt_a",
    "avx512f", "avx512dq", "rdseed", "adx", "smap", "avx512ifma", "", "clflushopt", "clwb", "intel_pt", "avx512pf", "avx512er",
    "avx512cd", "sha_ni", "avx512bw", "avx512vl"};

inline void write_features(text_sink& to, u32 bits, std::span<const std::string_view> names) {
  for (usize i = 0; i < names.size(); ++i)
    if ((bits >> i & 1) != 0 && !names[i].empty()) to << ' ' << names[i];
}

/// Text in registers, in their byte order.
inline void write_text(text_sink& to, std::initializer_list<u32> registers) {
  for (u32 r : registers)
    for (u32 i = 0; i < 4; ++i)
      if (const char c = static_cast<char>(r >> (i * 8) & 0xff); c != '\0') to << c;
}

struct signature {
  u32 family, model, stepping;
};
constexpr signature decode(u32 eax) {
  signature s{eax >> 8 & 15, eax >> 4 & 15, eax & 15};
  if (s.family == 15) s.family += eax >> 20 & 255;
  if (s.family >= 6) s.model += (eax >> 16 & 15) << 4;
  return s;
}

} // namespace processor

template <class K>
bool processors(const pseudo_context<K>& c, text_sink& to) {
  system<K> s{};
  if (!ask<K>(c, s)) return false;
  const processor::leaf base = processor::ask(0), one = processor::ask(1);
  const processor::leaf seven = base.eax >= 7 ? processor::ask(7) : processor::leaf{};
  const processor::leaf extended = processor::ask(0x80000000), more = processor::ask(0x80000001);
  const processor::leaf sizes = extended.eax >= 0x80000008 ? processor::ask(0x80000008) : processor::leaf{0x3024, 0, 0, 0};
  const processor::signature who = processor::decode(one.eax);
  const u32 count = s.processors != 0 ? s.processors : 1;
  const u64 speed = processor::kilohertz(c);
  constexpr u32 auth = 0x68747541, hygo = 0x6f677948; // the beginnings of AMD's and Hygon's names
  const u64 cache_size = processor::told_cache_size(base.ebx == auth || base.ebx == hygo);
  for (u32 i = 0; i < count; ++i) {
    to << "processor\t: " << i << "\nvendor_id\t: ";
    processor::write_text(to, {base.ebx, base.edx, base.ecx});
    to << "\ncpu family\t: " << who.family << "\nmodel\t\t: " << who.model << "\nmodel name\t: ";
    for (u32 part = 0; part < 3 && extended.eax >= 0x80000004; ++part) {
      const processor::leaf text = processor::ask(0x80000002 + part);
      processor::write_text(to, {text.eax, text.ebx, text.ecx, text.edx});
    }
    to << "\nstepping\t: " << who.stepping << "\ncpu MHz\t\t: " << speed / 1000 << '.' << padded{speed % 1000, 3, '0'};
    if (cache_size != 0) to << "\ncache size\t: " << cache_size << " KB";
    to << "\nphysical id\t: 0\nsiblings\t: " << count << "\ncore id\t\t: " << i << "\ncpu cores\t: " << count << "\napicid\t\t: " << i;
    to << "\ninitial apicid\t: " << i << "\nfpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: " << base.eax << "\nwp\t\t: yes\nflags\t\t:";
    processor::write_features(to, one.edx, processor::features_1_edx);
    processor::write_features(to, more.edx, processor::features_80000001_edx);
    processor::write_features(to, one.ecx, processor::features_1_ecx);
    processor::write_features(to, more.ecx, processor::features_80000001_ecx);
    processor::write_features(to, seven.ebx, processor::features_7_ebx);
    to << "\nbugs\t\t:\nbogomips\t: " << speed / 500 << '.' << padded{speed % 500 / 5, 2, '0'} << "\nclflush size\t: " << (one.ebx >> 8 & 255) * 8;
    to << "\ncache_alignment\t: " << (one.ebx >> 8 & 255) * 8 << "\naddress sizes\t: " << (sizes.eax & 255) << " bits physical, ";
    to << (sizes.eax >> 8 & 255) << " bits virtual\npower management:\n\n";
  }
  return true;
}

/// A list of processors, as /sys writes it: "0-3", or "0" if there is one.
template <class K>
bool processor_list(const pseudo_context<K>& c, text_sink& to) {
  system<K> s{};
  if (!ask<K>(c, s)) return false;
  to << '0';
  if (s.processors > 1) to << '-' << s.processors - 1;
  to << '\n';
  return true;
}
template <class K>
bool no_processor(const pseudo_context<K>&, text_sink& to) {
  to << '\n';
  return true;
}

} // namespace polyabi::linux_abi::proc
