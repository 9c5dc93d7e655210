import Foundation
import ReefMachine
import ReefTasks

@testable import ReefRegistry

/// What the last Reef of schema 4 and of bundles of format 1 wrote, the one of the commit "A deduction that
/// was wrong late lets the others have their turn": a test there ran `fill` on a new file, exported all that
/// `list(allVersions: true)` gave, and deflated both files.
enum EarlierReef {
  /// A registry of schema 4.
  static var registry: Data { inflated(EarlierReef.registryText, 344064) }

  /// A bundle of format 1.
  static var bundle: Data { inflated(EarlierReef.bundleText, 19787) }

  private static func inflated(_ text: String, _ count: Int) -> Data {
    let packed = Data(base64Encoded: text, options: .ignoreUnknownCharacters)!
    return Data(Codec.zlib.decode(Array(packed), count: count)!)
  }

  /// What was done to its registry: skills of every form, a second claim of a name, and a history.
  static func fill(_ registry: Registry) throws {
    _ = try registry.register(
      try richSkills() + [try weighted()] + treeSum()
        + (1...3).map { try adding($0, name: "demo.add", summary: "Adds \($0).") })
    let other = try Registry(inMemory: ())
    _ = try other.register([
      try newSkill(
        "demo.add", "(y: int) -> int\n  s0 = {int.add} y 1\n  return s0", summary: "One more.",
        tests: [TestCase(input: [.int(-1)], output: .int(0))], seed: 2)
    ])
    _ = try registry.add(try other.wholeBundle())
    try registry.setAlias("stable", of: "demo.add", to: 2)
    try registry.rename("demo.weighted", to: "demo.heavy")
    _ = try registry.register([try adding(8), try adding(9)])
    try registry.setRetired(true, name: "demo.add9")
    _ = try registry.collectGarbage()
    try registry.setRetired(true, name: "demo.add8")
  }

  /// A skill on values of a declared type, and what it calls.
  static func treeSum() throws -> [NewSkill] {
    let node = try newSkill(
      "trees.sumNode",
      """
      (x: int, left: int, right: int) -> int
        s0 = {int.add} x left
        s1 = {int.add} s0 right
        return s1
      """)
    let tree = try TypeDefinition.parsing("type tree(a) = leaf | node(a, tree(a), tree(a))")
    let fold = tree.atoms.first { $0.name == "tree.fold" }!
    let code = try SkillCode(
      parsing: """
        \(tree)
        skill (t: tree(int)) -> int
          s0 = tree.fold#\(fold.digest.hex) 0 sumNode#\(node.digest.hex) t
          return s0

        """)
    let parsed = try Value(
      json: JSON(parsing: #"{"node":[3,{"leaf":[]},{"leaf":[]}]}"#),
      as: code.signature.parameterTypes[0])
    return [
      node,
      NewSkill(
        name: "trees.sum", summary: "The sum of a tree.", code: code,
        tests: [TestCase(input: [parsed], output: .int(3))], certificate: node.certificate,
        provenance: node.provenance),
    ]
  }

  private static let bundleText = """
    eNrtXH2MpVdZn22h4hoaGv4xoZHr3bZp9c7s+f5YpbPdEuimiiXFD5xO6vncuezMvdN775Qu002gYFQU0ywRNJIYtAFtUqMpdklone4A
    AcX4Rw00ZkiojZJiiULBBmMQf+fOTufe985u2dy3dUv29L2d9773nPM85zm/5/O82dtuvfxV+2e220/P/Prr33XwqetnZsrntXiy4jrt
    nPqDuXf1u531Zu72VtygeYi29jd73e6g3zy0sL9JNNFJOZ18slxxHbXzwlllFTNCcOtjkNbLwFl0nKjIDPpzS7MSkUSVm5iNpMSsJCpT
    plLUXIvgDKcuSyuY1VmR5FnILPloLHeaCcK1D44567QSvMwhCZOeUm0DT1knmywTPMWkKMg7kyMxVvCckg3WKaW519n4CK6T1oHJ4Rye
    eOYlNTYIoTEbcdLQ7AlVgUtnqcwi5uQUi1nryI3gGOFytkKYEEKZQzOWgqFBm6CC1C6kRDU1NBlqomM5CBNptNqYRI1QhEiirffSZ5Ks
    IX44hzWZG6mUUJgYbFCljER/XF5z/BC8FJI57aSm0vOgvc/BUq94sNKVOSyX2jAH8VMFDgkNToATkim1NBFOPSEsKikCzSELmZl3yStK
    k4oCO1TmCIEQa4LgkkTwyFMQBBuVkuDMJWMzwaK9o0KwJCPFtigJZr0lXhGdfXP/ImZJnUGvnYZoWW/G9jEgqnmoBtw0O24lYaaYVrpz
    S8ndfQLP7k69frvbKSht9tvHOm6w1iudrr/nUGOhl9zy4g2N2RsbC9v3ixjRX1tZcb0T6IMvIfUG7dwOboBB682VNFjqRvzUdyuryymW
    7gl/yuxhKYXjZVXrIPQedFcCD7trHayOEXQcpFX8bAnu393rdo7h8cnFVnPQXU491wkYQdMssSdbzdVe9+7U2X623hy4/vGdZb07tY8t
    DYaEw1qv1w5ry2sr+HFQhNhqHksdzDXYWfBycj08wO+ps7ay88sIz310CEu3b3NGSWEtuE5sR6x3+AS8LK8da3ducf2lIpHCnOthB8tC
    m9aTwL1RCmpmuY0icuI4hSr5mIWnkeaYkjI+Z2iA4cCtcUwIKLPFnmmwoqUiSjifOTGMBHxJLETFrIuW6hx0plpESpgnLmLzuU8688Qo
    B9Q0KYLwThTLQKOk0kATE03Ad+JaKSAjJ2JZQa0kUkPTtIG90CAC0GpqkylTkEygBALg1xY2xyiTDROJU6lVdJrI5B2TucDZeSWDU9pR
    q5SLOUYXdLPsI7YAUmlao6nP0RNmKEkxwD5oBguhoNPANBcwHMLwLKUkRhLoi4E6E0p4zt5bChm/hHoxAqBLqnFJNV7ZqjF1mLCjGoNe
    Sv05wPtt3ZheRDXanUGrsZzy4Oxtr8BueD9UF/y9iDWlutCLQFOUA7AFFCUThEpQFYRLiTMllSE5eUGSCIZQwRBfAOMRWINqWeDGaxWA
    0RGAcS2pTjLzGBAhUZsxq3QIhgziLmoZZcAuojZKpKSRxZQdLGfyUALppSYVgE0fQ47ZXhfHzC7bE1t7guimGPsNNncRWt3tNf2IwQhR
    boTFZjB5xflqk5IkNnjE6IYYAResBTEU9gq2jsG+UgWjJoXWsPqRpiqMpk4jJuzU+WwUjFHpd30B055oesdSauBbo5sbbth17pKRehF0
    EYYxguXiChmRxgEBUHdBpOIE7kkGE5i1KmnnkKkRYMd4eEaTQpSBlChsam81AlBghEgWWNJJREFTIQWf7zJcscmeERKDsY7ooMAnRe4n
    WbJI9bhyACGrAHT6HHUHoBC+By7n+sEBNEdO/DC+9Pi57d49jUF7JfUbxy8ugO6xyosAo9TCwVEJT+WZApSEsqKEbMLB4kSYRstghhLP
    8Gdex0g0pTkZrolIVBA7CjCJVALgVD4ZBXMZEhyfk4xzoINLONdiz4iHT1SKCxuNpMJma3OUiEKTqQJs6gLG+RwpvUBHSi850pfJkWbL
    iXUsQjQOHk0QlkiZyQKFCaDxSGJIMIZE56hwLFhDGTFaGonwiaf/VxidODeMfqmTGivd3gU5TvbKAhK7qIAUhTFOCXQSRiE/zc5ThbRV
    wkfCB1IaAS2HwEpp5QLyS85JECFk6qh3ylWANH0x9HxA4hdoj/gle/RyBfaBMyIERfSmCNVMe+elTZIBU5Z4nwhFZOeVg9+zQsoAC5Vj
    1MErFRlXFRhNXQ8/R9z0C+3C7vk8XP9QYwFYWhyLnq4/++hs8W4MaLeXifuNO5oJk564o9nYpti6o9NPg/cMGpuPNVyn8a0/efDTFwJG
    /XLHWjuSeTFc8hfDpd4Tl34tHktgXFwwSmso1tUQhddQdYTXpF5LamEfqTdcGmAWeQ9xSWjhRPQhCGqTS05QJLwRUSJThnqkwx5pDaaY
    WmNrqDq2mg76yKOT0EuvbU5IiaCliGZzKJk44lpoNeSbUqBCpUBK4gVjH4iz+F2OhcMMGTs2K2mLyAIhBxI/56wMQVIN8oFKYjASPiNx
    GAUeueMpO85j0IHo5snhyRfwMjh77rXqBgVF/ePt5eX+wWmL/HPDeQq4lyAWVWw4oisOEZggWeYM265kTAILCBH4cBbmCR4zwzdCkhZ5
    bCjbYQhnMkonti1dhcspM9hJLuF1M4maJWwnts9ZEVKRtIxGx8xplppzhe3OHAv1Br7fAHkyIOVVhqm9uJy2aDfJJWxXlqCqMYhQKeAo
    4CCsy8pgwRnGnBGgALPFlC2wyqHaNgfEpsESw/fkcsqa0B5cOlgcUkAJqUHDFBHexginpBwNDHsuDEe8AxUIiUiGqFsHZIje2kQE83tx
    Oa1JmuQSZs8pAFJCcZMWiOah5JJKGATsVPbKY7MoLIRK0ogM96mCg6UJDCrs7d5cTpkWTHKZVBCZ6RRgUDMSGM5NJlnAuHuwG5OUSFmY
    RYhgQ0KanQvAPbJvCnuYGNuLy2ljzkkuJfaBYFpHIEFYBqYiwOiICdgxq1U51UGSb5zzMJTBeIFQhudMSziS055cThvS7MElM0lzkWRZ
    ObwfUXCSMpUwrAjfWypkgGUXOgipYLZIjo5SYTSzCio3xuXQIB+ctj47fIFllMd6Cr7jPE4Zak7yWEvsOsbjtMclEzzWc/4yxuO0rneC
    x+l9+SSPU1bLJnmspfw2xuO0Z68TPNZzmDvG47Rl7Qke66mTj/M4ZSViksdaShtjPE5bdpvgsZ463lket1/UqCPodTkNUqff7fVHmdVI
    BxBIIixBAESUTsguyqsNNGQeCvNRWI4glSHs5R7bDqlzJCZSOlailhKsn9x/29irkJ/6z/mHv71vZqZ8fhFPao3bh/9rnOO1m/2NRp80
    3tRYRuY7F7od5OQHpk3zGoe7a4M533b9xuHQXT1RaNAdGitu9cC02Wyj8D63srY8aK8unzgw7Wso64eH2f/Jxj2FU7bDqVtdTZ14YNpc
    sXF4qR1j6kAGZXpet7CxfX2GmXtpsNYDFV7BVuOrW89/A3flM4qtWrKtXWy9+HsrO1DDbSn/HZg2j2/cM6S3g67apgWTQ+ZHZEorMj32
    23/x9rtxd/e4TOvJDcdk+hIKbxQ0pLLA03+8/onv4+77lQXWklYOTqym7XcI3A1FG5LLjXsbnW7Eg9bODy/c3LD/rED2evFgRyzD1wxy
    dxnqOuVReoM0xl4QODCtojQG55Hzr35tf/P9uHv/uJzrSYwrynn8nIB6wZJOe8YLVB0/z2offeiLs3uoTT0J9sulNvQ8C7yq/Yl/2GOB
    9eTmL9cC+XkW+OoH7v3fH1w2M1M+IwusJ63fWeAPc/owFrfUElNU37o4MK0Srh9HRNEfC35q9PkLtNWYZYtjEcvQAE5bYa8PSqQa8tQV
    UUGgw5CnL+qeeYHMyVbjQLuTIV0yRxYbw9OjQkuC1qpr94C24+nAtOX/IpW+GNE0WdG0j370mh97A+7K51Z8aixNLaw3253VtUHz0IJc
    bDURrA+/6JOLFR7O/NZb79yDhzpKT+fgwUzw8OYnllYvx93lYzzUUlpaqNJ6+tDi39+Fu7vGaNVSIhpZLzSXLZbrhVUvLLCWaNHWLGtB
    GEMMondutgoEW0MELi4Oc9wX5lhskbEJymAMbXZcp4m+1ZV95qtPzDdw1xhfWR2FpZGV8dasGOFqlrIJRq7c+uBPPnzFzEz57DJSS/Vo
    VMSzHLo7JiAyRzkfv1pkTiBCH7kkHpWobvQqm0ArbfsZG78wFjowdg03U0s5dqEfgeaMXrJMWKErynzGjF1DukD3yMXQrcIIK0go0LFk
    /CqU4afGruGUEPvoxctDVWmFDozqyFUEqACf0Wu4Yo6wd/QqS9bKjl2FhFF29BqK2nAzdg11gJjKVZ5qmLXRa0j60ib/yG/yrMIESAQE
    R5BJkMphp8DpHMNDhuAPoY/kLQFRl16MCVYyGCVbis6VaEUqaeE+CQcrlJPtflwRBFdGwH4toFNlMmZgh5mY02W8MBbpCVJLiBVkt8lo
    GCOBqA+7R3X1WWEaPqfwzBS3FJZLqpbZfmAYAgJJQKdF2cRsmoKy3V4wt9LAvTNemBSmuhhYw8paWtIOaXDICZEwRN2a1bLaSZxdF8I6
    URLAAiz4zWo3q8HJrCQTMrS62hXorCy2TEnNcAI1wVIhNlw2hxCw8Ro7L2x1jxHOTEphdmf/xjYAOzDes8XJhLBnrZngm0Paw9VPLEmf
    Ha81QgDkpLzQYRMC12woHuh7ib40FMpuC1cWxMD6kKHa0jm5h5Ped99VP38j7m4cc9K1nFqM+Mb1Zqm0DL31enmLKeMWwcXI/eLJEc/J
    J9j89p89+PWrcXf1OJt1HFyMsDlLR5ggE0w8960/3JgMTWs5mThHaKomeNj8wifvbyEuLZ934MlLcfIws2+b2nqzVNLLi2uxlM+ah5pv
    UWL7WKJ8WxAt6FgzuoG7s5tzPw1fBELsaBn2trlTj7/A8Rjd4kaUGbZr2GPjORsZb0rkWh2PsS0phuOHWfW5h0+OlcV8CbN48mSjtD9/
    XfvB9+0/M3/b9+jP/eADX5v/u6cfe+gjrf+Yv/oLd+F6dEN9ad8b3cOPbvzBa09e/7Z/fmr+ufue/OvrDj4zr06cefbXPvzJ+UdPf/nU
    59e3NhZm34nbp+c/9jv7nn/8j764cf9fvfPK773mS/OX3fXxr1/zutMbl3/zfZw+/pfzS1fse+C9+fGNXx62f9u45WdWDn3ggSfm081v
    /ODt6l/nr16j3/jbtz85X7599+PPzP/GYwu/8t9ffnbj3odWfu9zT/77xvb492507/vNu75z3TMbr3T+T6/0N689uu+zW4986PDRU4Mj
    p1cu++y1R6+8eWbmqZu2Hvn8TadXnj1zeuV3z5y65kObp6758Zs6W2+5aWbm949sPfI3R46eOnyks/WPR6492sHfj2x2thj+PnFkZmYT
    v92C75sY8y/4/k308ZtHTz2xeXrlrZtbj/wP6HznzNYjz+LZdzHn5zaRCN7c2foK+j13uLP1PHi6H33eAFoz87fduu+y/TPn/gdGxtvY
    PzdSHVo9kNttP3FDzcdzVdLV85rdduxnaz69qZKuHmvsts+0aj7kqJKuHjjsto/N1nz8UCVdrcHvtlcdrLkiXyVdLYjvtucO1lwer5Ku
    lqp32z+RmgvXVdLVIvJu+xStuaRcJV2tqu22n5K11tiqhKultN32p7LWwlqVcLV+ttuuU7VW06qEq8W03XZK1VpaqxKu1rp227KutfJV
    JVytbe22/9K1VrqqhKuJw267ar7WNKJKuJoK7LZPz9eaGFQJV8P/3famw7UmA1XC1Zh/t505/NJkALfd+uoryvyvx39fec3MzJ1vLt/+
    Dxq9XuU=
    """

  private static let registryText = """
    eNrt3Ql81GT+P/DJXO0UWo5SCi3QgQHaQoFck8xwNCBUYBcBCwgsouZsR3rAzBQEPCgUD1RUPHZVdHVXRVHxvg9EBXXFC0VEXV0OFTxR
    8QBX/T9JZkqntFT/2133t6/P+6XNJPkmeZJ88zxPsiY77cRJkbjuN2qj1XLczzlGO5xOx2i/3+FwOMm/OY4j5pN/3U3GqeR4ua4bjpY5
    HUNVKlP63jGs4FGHFJJeKD1+5KHh1418eeRfw++G88XXxfnCIeFSYTB/dfAnvhN3DzeHS2NPYLYwo+i1w34YljbUGLK55OOSEwc/POia
    QVRxZdGowhsKXQMHDLio/9f9nYFIv1f7/txX8W8mqwcAAAAAAAAAAAAAAAAAAPg/aHn6sLT84p7pK2bHo5GKCj2qVtbVzIudGtXnV8mq
    bo+NLS8bM73MP7184vjxZeX+1BD/cWXHTykv80+cPK2sfLp/yuTE/IyZE8om+8tmTZw2fZq/aFrZpLKx0/2M//jyKSckIvwkgixYFNH8
    o/yTy2YOjWjF/inl/qJa5XRdjScmJkbGTB7nn18bi8QjtTWJOcnR4mJShvETJ/sTGykfM3FaWdGY46aUTy/xF+o1ZM/0mL/W8Mv+qF4R
    icWji/01+kI9Ssoh11TohcUj/GWTx9XnDU3LL+yZXn9O6qHQ9Co9fswjYUckD8Q4UgoS03gg2qlwQ1osXN18TT524eyIZOFmTB03pv0L
    N7mEFC43fXkkUbjq2oV6Y4JYI83KlhJwdAZZs4+VQFZAS/nTTqnQfXBa/oDc9PqlKTtkn+fW96e1PLBL2z4FG9RSwexz3HrBWsuBdixY
    TbGVAiuKEwWbL0fjjWfYGmlWspSAo1PAmn2sFLACkikQmxepqkpkgf3brC8W6ZGKShJkT0+MtVuKFKWeCXt/7BRofX9bSxF7b9qnYIUt
    FcxOgdYL1lqKtGPB5gy0mprljVVYlRypPtLUWGPN67CUkBaaGmv+MZsaKyKZJy20LO3WegxoVkHbRU+0HsfYuVZbD7vk7VO4/i0WLtF6
    HKNwrbYe7Ve45UUBq+po6J0oXI1cfaRxsEaalS0l4OiksGYfKyesgFZ7H+bcxCTrp1mTkELHjnQ8EmOthx9VHbVbpdMv9dq2j4SdQa0f
    qdYyzD4O7VOwvi0VzM6e1gvWWna1X8GW5/vt5HIlCqZrFUdyxxppVrKUgKOTy5p9rOSyApLJVRcjBbLzwPp5rF6slU0tLiBHyf4mw62R
    dsungtTTZu+8nS+tH5zW8sne9fYpWJ+WCmbnS+sFay2f2rFgs3qn5Q/OT19elyiY3Yg0JkxitFnpmgUdnVWJgGPlVSLk39jp7dOLtM9k
    11zNds0+3cfes9ZSIlnq9ilgfssFtE/7sQvYWmq0awEX5FnJsaIwUUAtQvLuyHlPjDYrYbOgo5MjEXCs5EiEtNqm2fMTE+2Rdsuanqkn
    Jbk7dkYce5dby5rk7rRPAXu0XEA7I45dwNaypl0L6M1Ny+lJOmfzFkb0RXUxWanS7b+JQp00sWym357iHzMtubVBTfoyGfZ5t/ofk6dM
    J7lDthiPkFrTakBIOiSmJtPGirSWX1AnR+WaeKRGL653d0/LNQuix81txXQ5qlbafxtLUj59xphJ/uljjptU5rdn+WdMmzh5vN+Ix4JF
    GX5rzSX+WF11tRxdXOKPL55PRtXamrjdhBUWkmm18/SayBKz11Q4vzYaJwekriai1mq6wBRmFNeLOWk5+eSETTSPR2I/EoOmR6RxDxsP
    yZG9anyAQI7KvEiNeTkU2vGFySNiHg1S3sSi1fIZRebFctTTBWtpMza5fIm5poWRheT0+ceXT5kx1X/cbGvLGcXl3by5hblUHVlEP8O+
    81YWn2rOs0ZyEqWfOHlc2Sx/yvwjN+NF9gE0N1tCilk8PdubW9wzsc5EpzyxkD3WLWWtqRFNeuqJ9SbueU7umpY7OJeqd1mrtRtPsozd
    ubBGsxOrnTF54okzkmtvFnikaS2yJ5T4zU5LcX1al7Tcvn2p+tlWIh1JsSO/uiYvOCuTjkz3J3OIbHF6mXkpTi2feMKY8tn+35fN9peX
    HU/OyeSxZdPsvC8hwVFdjpHO1PSyWdOtLJ88Y9KkjGL/NHIpj52+XOlkpjS1ssAqif3My/7bOaUEiadh5tat3Dhq2+amEnePybnJrTUt
    VqI5MaMb+3lHxY+dUDb29+SYJQNKR/npYnMR8xpQU3clGWzPshNRXmRm4ZKqiJIcsskffPJHqLDYWmXMvNBaK4E1szSxcWVx3OwkTZpy
    XGOcOTmRAIlb55LG3SpuPMiDO3tzpZ6Uw8ql2IKqSFw/Va6L11rjpyYeQzL2sIualZZbWEjVe5rUMaeS+sGIVKSMdEo5PYUp8wqL5qWc
    Gv/CYv/MidMnTJlBKuEpMyeOq8hMyy0upup9TTei1arm/qaOZbW4mcTMwqJWcsEfW2IdqOK6jnaiB5tuKKKdceRXZosbIDMKi2KkUSAX
    Oan/qslhraipLWm6kaazi5vtn9whLTcQaL5/clxu8rNjy3tG5rS+W0pVrTrP3rPlZRlpubm5VEPE2oZVOVl/OqSsN1FpHfOysS7nZkk9
    ZdIkcyWTp4wdM63MDLLq2RYz/0gNLFdF5JhdATeriq1f5nbMX2ptFbnU44kLYFFttNmKzanJG/rmV4Y5T463PLkuXlkbPXpV5MhWHbVA
    48VRX+qzjuPyOdZxtB6n2c82U46j/ZjNPI72s4NfWMckn3D+wvCmdan9zLQkuYojl3NJaq7Vl6ZbVejymXYVajUn9l9fahWaaGiOrihb
    qcKbFCylxm9pJxqr+7jV7/oF+9u4Pw0uj3UGzrO7NdaarD/elOL3s6b1a49cbi25khmdnH9c2fSZZaRPz1h9EpbhRT7ECXzIrrh/TR5Y
    x/6XBlfoNXpUjreW/rWkmxypaflaTMyzrsaKaO2iGvN6i1RbvTjN/F03vyIqa/Zv+4rUEtdhe1xVTdsjuz+TfBTXdE4isc2AI1ldnObN
    HZXbWiNlP45irUF6sbftUMYapC3/nTstNz+faphn5VbiICcGntT8Skw9VoY1PWGJW4xfWjdaO23VfmYqmD+sK8X8kbjCE+fht+ljjGq9
    k3Gkqqx1WRfqilHWwbR6ltYfd8qBTPQ4ycqsJ2T/vt5YopN7rA00OUkpdatZspa6Ss3r1izKSp/6mLXHibUlBs6UvU7ecR67ekrc56cc
    3+R1kdhPUgNWxCsTTwSKyY0Rxx4p3xCnN3dMfmupn7wrZhI/XA6HI938rwgyyb+Dwp87pHekB6XLpCppvNSv9MfSt0rvK11dGikdV1ow
    6vCo7aPuHnXhKGPUmFG9Rn43ctvIO0eeP1IdWTqy54iDI14ZsX7EyhGnjRgxovvwL4dvHb5u+PLhc4eHhmeTlQIAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAABAGwKDXI5Ja88fSm05mf3buI871FUJYyOvTx6V/9GOB9bu6/Tptd8v/Wl8oJgE8cs+O3PPOb1P1W/d+/LiScNe
    +3EwPeEenX2n4M85GZe+NXVooIgEFdU8/+LUdQ/Lby4+uOCvDReu792p+ta60XmZL639+GWDWlMRKCRByvKThgfeOXN99srK++4aecGy
    +AJ63mu7L/r2nMf0b659Y2E0MJAEvXH+Lb/fPqFq7+F7dM9U8ewxvZ0fd75l4R3OFfSzW7+88dHTAwPMgl+QuSRr9fC/9Dt8zeIx7BmF
    J17rzd626INOow9Xcpcf3Lg+0J8EdWTdY9YdT0WX3j77g4EvX/rYP/LWPXj7vitmbH78xx0vGtuEQIAETbrtATm89i+Pj9Hfr3isV93v
    62+76qeP1td3v/nO2Z8XfF58bqAfCbp85vLb3+1+14FeN+2a/2XPPq58xxB9UsErZV89+oncp3r8nkBfEuS47o1tz116dsXqD3wvnr8v
    /YQl8fTssiVdZ3epvnv6ortf6hPwk6A7Py1/ZfelB9Nfqv2+6/WjD247MTruhvFnvzHrpm+rN/1x7OzPAgUkaOqAe3LXln63f3//0vfk
    2Y9e8uoFY3/a/8ItFSPOufCd/R+dOSDQhwQdoq8ZcmlGh5uc/xh40vXSZysfP6fj+Znru/3lhXr/ebNOHlAa6E2Crrhs1ZWrdmy42ZjB
    DL7+MppzLO6adtGX5x369uFXbnEtrA8GepGgxZeETtK0CV0oY+Wu1T0eChovTi9fd/OCOSOXbnwhX33hD4F8EvT6svKnP9r7Rp8nH926
    5PCAS+51vHvBDWdWjO8ZLN//Zfbpa48L5JGg2A0/vfW7Z7N+uG/NN57Jp8+sePv4s18UDuzc4ZjUZ9S6TRuLAj1JkLOze9hle/2z1sdj
    93tUh3TyRcVXfbQ+NHXb808+uvqlkzsFepCgOR0Gn3jBs+Pv6Xxz/Q9UVfC2nIPvf6y8v+j1hhEd7jo07qKtgVwSJJ549qmjtlT2/Lbg
    D0sfvmPXmq7Lx5zaeUbvIV/c/MwnvpUPzA90J0GfvbPzsYdm7zjl/p1vSxPqNu567JRXXx/TLf/RD/Y+vOfp97LGBXJIUNbuK71fDvws
    Fv/birxvrig+57RPSr765K3L1/V3Lf3boGsWjg10I0F/WrDxHWd91rs/rRs4ZN6cJfeV3TZBmjF1ZcdH6w3K9fNjlwWySdAj50z74rr0
    Cx3njPauKqiufOPByls2betbNeuU685evr1j97cCXUkQO+ijNxc+/tH02z1fTuq7Lq88/PcB3+ysrq97dEr3n7drax4IdCFBT6tKxV//
    cUnW787b2evDHxdryxd9NfOVA3PPvHjknX8577U7nIHOJKjnLQc7TWOnzB38Xed9p62+bO6bB37cdteWqTeevevSjae/yU4OdCJBj/7u
    m8u25yx/f9cXB/YsrM78yef/02bPWb3PWFe4++WxC66/OJBFgtLSPlz3yX5B3HH77666qmhc+InN157Mvk1XF6XtuezbEzJrA5kkqPzm
    1X0/umbmyr2e9VduPXHhyZumNjw1pGakY9Tw0sPcu2emBTqSoB1LVs3t6dsTnv78p352bfEzqybn5s2+78dTGzYNGTnL3+WeQAcSdHvp
    qJsfG7H4p8yndtYO23TB87UvVvT4fNPxn2Y9cdHBp267YHMggwR18vUpm7S4a2Xl9/335Cx8e/4pjw44oOc9ePItS3oad/749nMBHwk6
    3bvXKHAODb/3/J6BJy376f6sScu6Ff058MSpjmfWKA9VXRxIN/OJeejEPw3KXzFLL7gsY2/8pne2jrl+w025S1/vPrD+Hv6JWCCNBF3b
    ccS58uLLrzuB/mv2Q08cvOe1Hz+v3Ph9rxVU5V/G3RrOrAh4SVDdadrtX6f7t3h3v6RcszP3n+fkntB5cMa77IiPvt6dvfW5zICHBG11
    /OnZYOa19306uviUveyGCw5sffHGcUPndh2td86/9MG0HwJuEjTNu6L7k+d+NXL32JsDwSXBLcoDnR/ab/DXrez256t/nPPRvoCLBJ33
    +DOlFRen3eJ6ZG76e75Q99zP5shTla9uKgrOf3a+b3RawGlmwZoup3x377yS46+4bODvumQeHxk8eM93ax/6e1qXn1bMn9zNF6BIUHTo
    873O2LJ5ycu7FtTv6/H2sGcv7v3H83c1nOZJu/aBjVl/6pDhMN///+KXv////cjXR24YecFIbaQ0Mm/ENyNeHXH7iHNHyCNGjsgd/tXw
    l4bfOnzF8FOGh4d3IysFAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgLb0d02i2nqHvI8Z1NYL1N3NoLbe+e1oBrX1av9AM6itF83z
    zaC23q/1mEFtvUDdxQxq693oTmZQWy91Z5tBbb3a7zeD2nrtuYMZ1NbXDQZYQW18u2GQGdTWG81pZlBb77V3M4Pa+pJAbzOore8k9DOD
    2nqj2WUGtfVNgl5mUFuvYnvNoLa+SZAXcE3ytfVutLmitt4z95lBbX3iotAMautl9HQrqI0vIPQwg9p6hdxtBrX10n6mGdTWNycKzKA2
    P5ZhBrX1VYZcM6itj4oUm0FtfSahqxnU1pdHisygtj6T0NkKauMteqcZ1NYnCTLMoLY+J5FjBrX1eZL+ZlBbX2XIMoPa+qJGTzOorc+T
    9DXf/8+WFjqkw9LX0mfSB9Lfpe3SS9Jm6UnpIekuaZ10g3S1tEa6UGqQziJhAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP9D
    vG4qnSryWYN+9qDAHvQyBz6qR4411qOnNcjxpbkpispyZdhDZycrKMtrzc1Ks6Z6vB3soceO8rjtpTyudHvoTPOQpXweayGPl8xPp5yZ
    pDR98zIc0pJR6ih2+KJQvngXv457gevEHqD3DWOGnlQilQwezBb3KdpRNGvgnIHDBtwduC9wXiC9bwf/+33+0ee+Xht6DcsT8zJwVgEA
    AAAAAAAAAAAAAP67DB7kdeRmU+Pieiwei8qLes1Z2i9SM78u3m/4nODckn61dXFrhOHOmpuxoq44jUQ7z5uuVsmRahJO7V3ar0au1vsN
    76fp1bVDZU0L9SvpF5sXqaoi09iQoKshVQnSsqiEBEYTxLDBi4zMhfiQIsuMRhuCJofEIE8zMq2pWljVZVUXBJoJs4JoripSUSPH66Lm
    JorOGO6P1MSL/UNKzaE5t666Wo4uJvPIiLUP5GdYDYVYnWZUIahyrCrzvC7TihgUVE7gOSGscbzOaYyii5qoBMkWQ7Shq2HFCImKofPm
    VlU9Go8YEVWOk+0u7VetxytrNbLqmFw9v0rXzC3rZDCcIaGVujqPbJYcuFhkCQkXeDKxto6UbzhLk8C4Pp/MDtPk96JobU0FmXwWObLx
    2io9KteoZAlGH0KHzyrpNz9au1Cvsact7ReXY/OaHVe1LhqNqHVVddVkhrm7ZFqFXkPWE4/U1ljFqdLlKJlA5us1ddXJOU3KGyMBauU0
    u1QMbRZLlWu0iEb21ZpCylFVVxGpmSDHKs0De9ZZZxWZp52qN6zzSk57tfXDX9TkZGT4/THaP8ofEGRa0HlBYAyaZXUurJEM0DlWCArm
    YVZ4WufVEM3wbChssJyiBQ2aVjlytllFFNSQ5o/Q/hBZW1QnZ72GrDSjwVlop11NY9p9mZp2lbq8cHGTvKNFWtQFWdQVPcwJHDnPssLL
    YSEssCGe58KKpgbDipkdmszRgsaGSDwXZgyB12hNMFrIuzlRXa6aa+3tHPv33FbzLyQyiqEpNBtiaF1TDV0Wye5pghJUSEE4PiiH+RBn
    BINBOhSkVUUOMWbG05xhKEqY+S/Mv0V6pKIybm34N8rBwQNbr6iGME1qKtqsqM4cYGeM0pgxnxxVUTXJFzEcMrhQUBB4gedDDEOT8xEK
    6kyI/KOIHJlB6jA+yMqiHBSZoMKpoqIYaphRBE4NB+Xm+bK49XpqSo3ur66N6kObJIzGh0KywJNrgQ8Jqs4bssIIQZqkByeKOs+QapLV
    ZYaWBVGQVZJWHEervKoajMwosiD/ioRh/3MVVnvkCvv/lSuD+lu5clwyV/JbadRCZqosCdipckpjquw/VqqEuaAYYmVSgzCCbBiklZF5
    nRFpg2HCjE5zjELT5FIP8ipjqAYfNFhF1hWBYXRB40kl8yuatDGaFvNzTROFVJQszfOMLPKkvhBZUZFJA6YHWZI1YVpRSKMnk5ZWkBU9
    FOaDQTWoqIamiaoikEqOE/47W7bfsGHr9x9u2LiUhm1Q31+Wp6KVp/5fladBmg0qDCOGVU43RD2sh1me0zVdYEjLJ4cMjSYZwhm6HlbD
    siCInCIaIUUjDaYuiiob/LV5yqbkKR3WNF5jVTFsNsRiSNeDdFhVQiHS1wrxpDkWeTrEkJZQlBk2GGYYgTSXQV4UFVrVGB152ixPC/7D
    ecqm5mmfX5angpWnvX9VnrZ309tWnjJN89QIc3RYZjWSGuQOQeZJM0ubByqskytDC5HaUzRocjdBa+RehZdZNRxiWJrcroSC5BLhkKfN
    87TXfzhPmZQ8LcsneZpDLbRO75KqiFJ6xtoLN5z0t62Di4aceO8q8uvFKRM97EV166+Mlme/vmzrW3/QhM4fF33wx6uWbc/fsSVKOS65
    vts1DV3yrBQ+v2MyhZ2OxhSOR3U9NpQkVdO6VqEVVgkyobDK8yKpdWk5GGIMheSyypHOPhM0eI3cBZB7AEMUNXLzy5ElSO8hTFJeVdXm
    ORwf7jc3Yx21FjN5eqXuJ2P+WsMvW6EpvUkuRAdZldVJ11HjGXIPpMiqKsqGzAZDhsLS5D47FJZpURVEci9OOjRBVg+T/gsnyGQH2P+u
    pG483pNrNf23y+z6hT2snFhxUjK1HR/EF8/X7RMlF5OEJps1/Gf6a0g5i+SS5IzGH8UZiWvhqFPbeEXQLCkMzxqkI8mzdDBE+nI8aZh5
    OihwNLk7DKohlQ2HBV2UZVJn0qSBDZlnN6SrWlClDT9N1qHrbDhICwbDCromciKvyiGOkY1gmGfDoiHQusKqBqsrWijMkRtTntxkKKrM
    ymFZFHiOXFUp11TXXKvu75qs+11z5mY0dOtuXyBdGy8Q19EXSOKENd6T/4sFa7miLyGH3YgnfkbNm9Rf9IiIE4OMqAcNTlNJc8OEDVIL
    BUnPWQnJqs6EWYYNsTy5bBlyE8ZorKYbcpB0pBQ6TBqFoEjjGmnpGpmVY18jeY3XyHNH6v8Sf/LPv6UliJhNQYxpl9WRUkWa9oCYjBV8
    N7JrOc5zpza2Ld77zlj72fQRG96lO34au+hOfUXBl3+8veTMZfzEVd+t9y/qVFy77Mr4Cv+W6e7Nu7ZOOPunJWf+8NPXX+/58ptDI79v
    +OT0Swr+XHBXxtrnR/51084V7/WdvWpy9tuXjf/jFxteu2jk4JuyN1z1+EC27w83fOK+rb5D7V2LP8/21r46ouidq8rOXyOO6Hva8czg
    rT0CLxTOz6k7tKrwQG/9BnZyj1Wzf2hYU5WXverp4HvMHQu/9c1wHfDMCO7P9n7z86U/H7q000uU8tYjrjENRvkj+yfO7j+/a8ddb77+
    8cf9Pm64ae7NxdfPKrvy7viqWI728A+zNoUf/67/87foPQ75Lj4cqXty6a0dzl9358Slr/fwHzyQ0bP6zu3brhqzY8EHoz3dqs/OXfv0
    WP/ivG3CS/TVe7pv7Vtz29XzXvj89h7uU+7nL9i0af/lAy+u+HDgvGnn7C8/b3WXPUrfqmr5kRf63r24x4MPfvjZyc++OeEgM/qhK1dV
    Pf8h33fFQ5OefO4aZs2nQ3ud8/W1zufdH7685e6rz2qoXRp7dNQbtWs+rXtv0taLV154nvDMxeeOOvRe7O9nOt/eLcz8eMve99O23Ld5
    2oZPvvvmg05di067rsGTbXdG442d0YOpndEmD7bw8PB/9uFh765eR3421d8uidmMdTyeY/2E+QKLVC92SXPk5ziXlycCzOvbcesZlGcT
    k0Wd2Nnx6piyXc68zT91uGPCFT9UXK5vuPHn1+d36MuuvPb7je+Nuf2t47jMb9Z3vnjL0u39C17Z8vqYjMF1b4Rnv9u9/7xJNy6N8iXU
    5+/t3rzu1TeLq05/4cFBs9+/b0af087rfsmEcv87Ob2Ze3tfMWT8g16q28Tuf7tl0E4Xdf2+ytv6X3wLPfNCadKuuXOqrty7Z+fLGa8O
    3lmzb9+Mu8/a/lqfaT0OSZdok7+on9OZlJxUub2O7Jrj+eMF3s/7hYxbO0fW12dskqZ+z4z4ueF96YXdT9x5VcnnUq/nFpB/Ht8ovEgV
    yPc9vvHKzLOKJu/8h/TV8h33DBy2TxIWb/pk1uXrpMcf2r5m89J3Ns4ZMpv83C2tvYD69qmrn9946d2zs75Pf1FyLrjxw/6dH9ro+rSe
    Y57aIFV6qZuWGU9tnGH5YOOEQdXDG27aJuljC1ZNE/ZKveqY/U+euEMyxw7euE867Yk5Jx3a/snGM++svujZHR9vtJdftrF2+coFXw/c
    t/FcT5Z1+V4YTzYozoOJBqWFK6qxOQkrpDpXQqQBEMNhUv3zGkfLHMMpoqIZvMJojKHpuhBSDCPEqCGOdNNDMsvzpDsSJhew6B9NbmiH
    KhE55h+t1s5f3NiwiEGBFnhZMTg6xNIqGdFZVRPYsKyFGdEgN4uMyGsMzSq0rJH6gVN00eB0luFIJ1+kNX+A3GOaHR5GCzLBELkb0Bnd
    MGidEwWB1B2GTodZ0sVQg3RQ1BhNDJFrXyTb0HmOdNT1kLZ0dEyVq/Sz7F5ajLV6jQZtdhiDvCqGSd8qJIQM0nnROSYoCpos0kHSQ2RJ
    GycEGVkRgqosiDITFgRZMzRNVsnuVkY0TbfaObJOrl0OITkTsaZNKJdhJ6jfPKB+JiwLBk8bQY5jeSOosYohktouJNAhndwtaaQWpUnh
    WNlQhSAtk64a6ZTRikHKLJAl9OTKEgVXWYETWLJbnE6HyOEkxRDJGVF1wdDEsMCHWFE02KCokmMd1ETSxHOqrMksiWLM5+nJ1TWe9vYq
    n3Wy/BzLyrpIjoqgqLoYJAlEk54lr7KMLDJykCXHVyMnKKiFBS3EiEGSJAYjGIYWFPgwua/MOD3T7HxQ9aWNnY8FKTe2q4U3mFWevjf/
    c1vXWy+9bPUFq29cveGy1ZE7Jt9ff/1tWVPrrlmzekP99fWr5fUb6vWqqjuzctf0vGe4t8i7jHc9MOiDAR8WU9vNm1864lcbZne0rrkL
    ejX27Sc0NpmkQlb0KOlqmvulTYqYTdaRhlNVaTN5eY7cmYQVhdNVniZdfp1kLzkApLNFk8tAkRmeZ/WgxpAOPklJmlHIkRNo0VCOajhj
    pOUk/cS5Jf55R3r1RYlJiRogpR2dZpYr5j+5n75Qjy4+uZ/fLnDJyTUxPb4k7n/6Cb9c4z/w5/UPN71hDrLkdp1cpboYloNiKKiTGy5Z
    DgdVldwkkAtGZUhTy6vmY32dI/vIaRzJNEPmyN2DqNK/5n8vFv/9TW7L56ithpdrq+EVW2x4lTqtQicF539RM7wy5LFya9UfGuvzdcn6
    3D6prZzkxqr9X6+BRXJLoJI6SwypghoUye2ezohMiNFDTIhUCYbKh0jNGxZD5gNIXqDpIC2SZA4qpF4Jh2hlaYRJ1r5Me9WUc5gS/xB2
    bmONHlQ4RiF3qOEQKzNKiAuGyIVihBla1nmRl3lNUVWetAeyLvOMSDbEMaT6CzEKw/EKubVuh1sgumlr8C+3MORQWa1BjG+X1c2hhwZL
    /IFIjUGOGz2Unuu3rghzA0FzA6SbrHOaHCR1kCKGSauqqaRGEgxyds1ndCHBUBWBnHRdVxle0FXafOagGuQSl8NkftDc7RjfpPUKZgxz
    W49BJiUfg/ibPALnSobwTZ6CD2HI9ZrR0M3V+jOS1Gv0uKb/6cK/mp+tPSaZ1/pzkTP88Ug1qTbnNa0TyZ1NiKSVQho9kiGqzvKc2VRx
    pEhcUBUE83knrYg6OS8cH9ZCQYYPG+EwabTIJaeH/rtuQ1o43r/VMxIXZT8ijyarwFizRyRHPR1hwmGWYYK6ISqsoLAqL4R587rhZYah
    NXKRkz4Cq+icIYZVRdQ0WmQYQw9xIs3rDE+HG5+OHHmoZ77/n1EacEgvSVdKmsRJ3tK3S+8sXVY6lUwEAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAACA/yaDMzo4CnwU5ct153gb/z8oioororWLauZ1zMuN6rrx/uHxIcbjzhzq6+DoawbnJ4Ot/0eGrMKobn7xQEvG93Z6
    Ln+jpNNJg9M7OHpTzVbu6hdIWbnvn7sXOWadcGBwWgvBzgJ/SvAJ+7dUbGuYUzTIS4KbF7tX79QV733GmR1Yeu5gT5NdbPyGYo+8lOAF
    p/Xv+OO7H/Uf5u7gKDwq2PzgYk73lAVytz+zf+jHI7lhriYLpHwHLSs7ZYGV895eUT2l+12Cs4ODIwtQ5gItfMXF09GVstzMTW+Mfnbc
    kkyG6uAY4vPZG2r+pYPURW7ePe3zfP3waeZXzzKkcof0lbRHekPaLD0g/UW6WIpLOpkIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAA8H9WV3ehj0r5LIA7y13QZJKnh5vzUS281u/s5h7i8zV/b99aX8pXA1yd3H0Tk6yPK/is9Td+mSEjy92bahx1paeMOtMy3b2PBHvt
    9/9/75A+kV6TnpLukP4knS8tlk6X5pCJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP/3dHJTBVRR09fwqd5Uv+R4ujVakBxN
    s0Z7Nb6Hby3c48g3ArLdVCGVk/oZAWtaVuqnADq7qb6Jafa3AHq6KY7ytPx1Ad+Qo74ukEkK3kG6zSEdkr6U9ku7pJ3Sa9IL0ibpEeke
    MhkAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAmvIWux0UlTHIW2gOfd28A8yhd6A3YA7T+3v95jCtr7e3Nb2PN88cevK93c2h
    O9ebbQ5d3bwdzaEz0+NyO3yUO4Os2iV97pAOSwfJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD+7Twuisrqav3tYv3tnEmm
    eks/dUivSVdL86QxUncyAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPBvVOT1OQp6Zqa7c7yaXl07VNa0UFSPR6L6vI55uVFd
    N+69X/rnmVO/eLDYQyLzM31NIsNqbVWVrsaToeX3DrrvytjvDxe5j1ppOHWl3vq/Tf169Z55JS6fo7BJ5CI9UlEZ17XU6JXXDTj1nrz7
    FwlOM7pvC9E1crVuTarU5YWLk8udfFvOnC9+vuSiIZTP0Tu3J9WkPHJVRI7F4rJSpTuT4efQX65PK1r+kvn+v3vUNof0nbSndA/5AQAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAO1kue/8ZQTldjR0J6MHnTTj9VKUi6LYNHvIpdtD2UOGHqdT07zpZNRJNfnrpkIZThfl
    Nt8hdzmd5B/K+oeg3DW1mu52eihnrWGuwk25YnXVbrKMuajL7SLz3WThLnHakIO6zIs0rYuczikur7mKzoKsc7LC6boWZlUmFPaak6nG
    P047StGUUJgWaCGkGiwfNNzWZGelbm6TFCmqk0KQ4jopspTXfj/e5XS504nu3hyfLyu9x8BcX1b9GQ2JA7IiTg7Ibhct15BNUGmUU1lM
    kd2wdtJHVuXRF+rRiNM6Oh7z7fqIj+wGNY+ydtJdFYnFnSTeW1NXrehRKrFxN+WJqXKVbh60dDcpmtelKRHK6UpLLOFyuvX4kri5Xk8L
    B8Vn7y6jC6weZgWDC4psSBPtQ9FZJ/uuBVlB5jSBZWjePjiuSLVO2WfxDHNITs3TT5gb8Lp9ab6OGem+Lp3TfR165OZmpHfNcDkGmZlB
    FnSQ8pJgsu8uR7eMvG6+DDLdKX3tkA6TPwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADwn+J1Ux0pp9Pj9pFBJpmQId3tkL6X
    Dkj7pH9Ib0mvSs9LT0kPk4kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA0CJvhsvR1emgvL7EMN0cOilvWmLoTQw95tDj8LrJ
    0E3iXIl4pznupbyUOXRRGWSdlHTQQf4BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgP+gDq58aqEejUVqa9yZ5oTROCYAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAv6UM889oHAcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACA31Km+Wc0jgMAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADAbymD/JstLXRIh6WD0mfSh9J70g7pFek56SnpEele6XbpJmmtdIV0kdQgnUXCAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP6HeN0Uld6zhznw5fRIIwOqU5bTGnbweK1hRpbLHno8VrSvyB70swcF9qCXPcixQn0etzVM
    97isyWlZ1miax2ltyJtlTfV6PG7Kl+70uH1kCfP9/w7SbQ7pkPSltF/aJe2UXpNekDZJj0j3kMkAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAA0JT9MYDiYvtN/8JC+03/QMB+xd/vt4beAQPsYe/e1tCTl2cN3d27W0NXdrY1dHbs6HX7yLjLfP/fKy1wSJ9JC6Tt0pPS
    X6XzcbABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADgf153T0FPitL06tqhsqaFono8EtW93jxPYXLyIj1SURnXNXuWy9XirBq5
    Wnc6U1cWtpdwu3M9BflNJqu1VVW6Gvd4unp65/p8yelyVUSO/T/iOhWr
    """
}
