"""A page as replays serve it: links rewritten, scripts in the head, a toolbar in the body, comments at the end.

True to what each tool writes, shortened where a part says nothing: the Wayback Machine's pages as saved from 2007 to
2025, archive.today's of 2018, the templates of pywb 2, OpenWayback's JSPs, Archive-It's banner of 2020.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

TIME = "20190305102231"
NAME = "Qx7Zk"
_ATTRIBUTE = re.compile(r"""(<[^>]*?\s(?:href|src|action)=)(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_LEFT = re.compile(r"(?:#|mailto:|javascript:|tel:|data:)", re.IGNORECASE)


class Replayed(NamedTuple):
    """A page as a replay served it."""

    html: str
    address: str | None
    """What the capture names as its address; None where the page itself must tell."""


def rewrite(markup: str, link: Callable[[str], str]) -> str:
    """The markup with each address in it rewritten."""
    return _ATTRIBUTE.sub(lambda found: f'{found[1]}"{link(found[2] or found[3] or found[4] or "")}"', markup)


def prefixed(prefix: str, url: str, *, modifier: str = "") -> Callable[[str], str]:
    """How Wayback and pywb rewrite a link of the page at `url`: what is relative to its folder stays."""
    host = re.match(r"(?:https?:)?//[^/]+", prefix)
    path = prefix[host.end() :] if host else prefix
    relative_host = host[0].split(":", 1)[-1] if host else ""

    def link(href: str) -> str:
        if href.startswith("//"):
            return f"{relative_host}{path}{modifier}/{urlsplit(url).scheme}:{href}"
        if re.match(r"https?:", href):
            return f"{prefix}{modifier}/{href}"
        if href.startswith("/"):
            return f"{path}{modifier}/{urljoin(url, href)}"
        return href

    return link


def resolved(prefix: str, url: str) -> Callable[[str], str]:
    """How a browser saves a page of a replay: every address absolute."""

    def link(href: str) -> str:
        return href if _LEFT.match(href) else f"{prefix}/{urljoin(url, href)}"

    return link


def without_classes(markup: str) -> str:
    """The markup as archive.today keeps it: what class names did is written into style attributes."""
    return re.sub(r"""\sclass=(?:"[^"]*"|'[^']*')""", "", markup, flags=re.IGNORECASE)


def _at(place: str, markup: str, insert: str) -> str:
    return re.sub(place, lambda found: found[0] + insert, markup, count=1, flags=re.IGNORECASE)


def _into_head(markup: str, insert: str) -> str:
    return _at(r"<head(?:\s[^>]*)?>", markup, insert)


def _into_body(markup: str, insert: str) -> str:
    return _at(r"<body(?:\s[^>]*)?>", markup, insert)


def _before_end(markup: str, insert: str) -> str:
    return _at(r"(?=</body>)", markup, insert)


_CLOSING = """
<!--
     FILE ARCHIVED ON 10:22:31 Mar 05, 2019 AND RETRIEVED FROM THE
     INTERNET ARCHIVE ON 08:03:52 Jan 22, 2025.
     JAVASCRIPT APPENDED BY WAYBACK MACHINE, COPYRIGHT INTERNET ARCHIVE.

     ALL OTHER CONTENT MAY ALSO BE PROTECTED BY COPYRIGHT (17 U.S.C.
     SECTION 108(a)(3)).
-->
"""
_TIMINGS = """<!--
playback timings (ms):
  captures_list: 0.611
  exclusion.robots: 0.021
  load_resource: 88.19
-->"""


def _wayback_head(url: str) -> str:
    return f"""<script src="//archive.org/includes/analytics.js?v=cf34f82" type="text/javascript"></script>
<script type="text/javascript">window.addEventListener('DOMContentLoaded',function(){{var v=archive_analytics.values;v.service='wb';archive_analytics.send_pageview({{}});}});</script>
<script type="text/javascript" src="/_static/js/bundle-playback.js?v=1WaXNDFE" charset="utf-8"></script>
<script type="text/javascript">
  __wm.init("https://web.archive.org/web");
  __wm.wombat("{_escaped(url)}","{TIME}","https://web.archive.org/","web","/_static/",
	      "1551781351");
</script>
<link rel="stylesheet" type="text/css" href="/_static/css/banner-styles.css?v=S1zqJCYt" />
<!-- End Wayback Rewrite JS Include -->
"""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;")


_WAYBACK_TOOLBAR = """<div id="wm-ipp" style="position:fixed;left:0;top:0;right:0;">
<div id="donato" style="position:relative;width:100%;"><div id="donato-base">
<p>Ask the publishers to restore access to 500,000+ books.</p></div></div>
<div id="wm-ipp-inside">
<div id="wm-toolbar" style="position:relative;display:flex;"><div id="wm-logo"><a href="/web/" title="Wayback Machine home page"><img src="/_static/images/toolbar/wayback-toolbar-logo-200.png" alt="Wayback Machine"></a></div>
<div class="c"><form class="u" target="_top" method="get" action="/web/submit" name="wmtb" id="wmtb"><input type="text" name="url" id="wmtbURL" value="{url}"><input type="hidden" name="type" value="replay"><input type="submit" value="Go"></form>
<div><div class="s" id="wm-nav-captures"><a class="t" href="/web/20190305102231*/{url}" title="See a list of every capture for this URL">23 captures</a><div class="r" title="Timespan for captures of this URL">12 Mar 2009 - 2 Feb 2021</div></div>
<div class="k"><a href="" id="wm-graph-anchor"><div id="wm-ipp-sparkline" title="Explore captures for this URL"><canvas id="wm-sparkline-canvas"></canvas></div></a></div></div></div>
<div class="n"><table><tbody><tr class="m"><td class="b" nowrap="nowrap"><a href="/web/20180205102231/{url}">Feb</a></td><td class="c" id="displayMonthEl">MAR</td><td class="f" nowrap="nowrap">Apr</td></tr>
<tr class="d"><td class="b"><img src="/_static/images/toolbar/wm_tb_prv_on.png" alt="Previous capture"></td><td class="c" id="displayDayEl">05</td><td class="f"><img alt="Next capture"></td></tr>
<tr class="y"><td class="b"><strong>2018</strong></td><td class="c" id="displayYearEl">2019</td><td class="f">2020</td></tr></tbody></table></div>
<div class="r"><div id="wm-btns"><span class="xxs"><div id="wm-save-snapshot-success">success</div><div id="wm-save-snapshot-fail">fail</div></span></div>
<div><a id="wm-expand" class="wm-btn wm-closed" href="#expand"><span class="xxs">About this capture</span></a></div></div></div>
<div id="wm-capinfo" style="border-top:1px solid #777;display:none; overflow: hidden"><div id="wm-capinfo-collected-by"><div>COLLECTED BY</div>
<div id="wm-collected-by-content"><div>Organization: <a href="https://archive.org/details/alexacrawls">Alexa Crawls</a><div>Starting in 1996, <a href="http://www.alexa.com/">Alexa Internet</a> has been donating their crawl data to the Internet Archive. Flowing in every day, these data are added to the <a href="http://web.archive.org/">Wayback Machine</a> after an embargo period.</div></div></div></div>
<div id="wm-capinfo-timestamps"><div>TIMESTAMPS</div><div><div id="wm-capresources"></div><div id="wm-capresources-loading"><img src="/_static/images/loading.gif" alt="loading"></div></div></div></div>
</div></div>"""


def _wayback(markup: str, url: str, link: Callable[[str], str], *, shadow: bool) -> str:
    toolbar = _WAYBACK_TOOLBAR.replace("{url}", _escaped(url))
    inside = f'<template shadowrootmode="closed">{toolbar}</template>' if shadow else toolbar
    body = f"""<!-- BEGIN WAYBACK TOOLBAR INSERT -->
<style type="text/css">body {{ margin-top:0 !important; padding-top:0 !important; }}</style>
<script>__wm.rw(0);</script>
<div id="wm-ipp-base" lang="en" style="display:none;direction:ltr;">{inside}</div>
<div id="wm-ipp-print">The Wayback Machine - https://web.archive.org/web/{TIME}/{_escaped(url)}</div>
<script type="text/javascript">//<![CDATA[
__wm.bt(750,27,25,2,"web","{_escaped(url)}","{TIME}",1996,"/_static/",["/_static/css/banner-styles.css"], false);
  __wm.rw(1);
//]]></script>
<!-- END WAYBACK TOOLBAR INSERT -->
"""
    rewritten = rewrite(markup, link)
    return _into_head(_into_body(rewritten, body), _wayback_head(url)) + _CLOSING + _TIMINGS


def wayback_2020(markup: str, url: str) -> Replayed:
    """The Wayback Machine as the server writes it."""
    link = prefixed(f"https://web.archive.org/web/{TIME}", url)
    return Replayed(_wayback(markup, url, link, shadow=False), None)


def wayback_saved(markup: str, url: str) -> Replayed:
    """The same, saved with a browser: addresses absolute, the toolbar in a shadow root."""
    saved = _wayback(markup, url, resolved(f"https://web.archive.org/web/{TIME}", url), shadow=True)
    mark = f"<!-- saved from url=(0099)https://web.archive.org/web/{TIME}/{url} -->\n"
    return Replayed(re.sub(r"<html", lambda found: mark + found[0], saved, count=1), None)


def wayback_2013(markup: str, url: str) -> Replayed:
    """The toolbar of tables, links relative to the host."""
    body = f"""
<!-- BEGIN WAYBACK TOOLBAR INSERT -->
<script type="text/javascript" src="/static/js/disclaim-element.js" ></script>
<script type="text/javascript">//<![CDATA[
var __wm = (function(imgWidth,imgHeight,yearImgWidth,monthImgWidth){{
var wbPrefix = "/web/";
var wbCurrentUrl = "{url}";
var firstYear = 1996;
}})(550, 27, 25, 2);//]]>
</script>
<div id="wm-ipp" lang="en" style="display:none;">
<div style="position:fixed;left:0;top:0;width:100%!important"><div id="wm-ipp-inside">
<table style="width:100%;"><tbody><tr><td id="wm-logo"><a href="/web/" title="Wayback Machine home page"><img src="/static/images/toolbar/wayback-toolbar-logo.png" alt="Wayback Machine" /></a></td>
<td class="c"><table style="margin:0 auto;"><tbody><tr><td class="u" colspan="2"><form target="_top" method="get" action="/web/form-submit.jsp" name="wmtb" id="wmtb"><input type="text" name="url" id="wmtbURL" value="{_escaped(url)}" /><input type="submit" value="Go" /></form></td>
<td class="n" rowspan="2"><table><tbody><tr class="m"><td class="b" nowrap="nowrap"><a href="/web/20180624051403/{_escaped(url)}" title="24 Jun 2018">JUN</a></td><td class="c" id="displayMonthEl">MAR</td><td class="f" nowrap="nowrap">Apr</td></tr>
<tr class="y"><td class="b"><strong>2018</strong></td><td class="c" id="displayYearEl">2019</td><td class="f">2020</td></tr></tbody></table></td></tr>
<tr><td class="s"><a class="t" href="/web/{TIME}*/{_escaped(url)}">11 captures</a><div class="r">16 Jul 10 - 5 Mar 19</div></td></tr></tbody></table></td>
<td class="r"><a href="#close" onclick="__wm.h();return false;">Close</a> <a href="http://faq.web.archive.org/">Help</a></td></tr></tbody></table>
</div></div></div>
<script type="text/javascript">__wm.bt();</script>
<!-- END WAYBACK TOOLBAR INSERT -->
"""
    rewritten = rewrite(markup, prefixed(f"/web/{TIME}", url))
    return Replayed(_into_body(rewritten, body) + _CLOSING, None)


def wayback_2008(markup: str, url: str) -> Replayed:
    """Links as they were, to be rewritten by a script, which has shown its notice when the page was saved."""
    notice = f"External links, forms, and search boxes may not function within this collection. Url: {_escaped(url)}"
    shown = (
        "<div><div style='position:relative;z-index:99999;border:1px solid;color:black;background-color:lightYellow;"
        f"font-size:10px;font-family:sans-serif;padding:5px'>Wayback - {notice} time: 10:22:31 Mar 05, 2019"
        " [ <a style='color:blue' href=\"javascript:void(top.disclaimElem.style.display='none')\">hide</a> ]</div></div>"
    )
    script = f"""
<script type="text/javascript">
  var wmNotice = "Wayback - {notice} time: 10:22:31 Mar 05, 2019";
  var wmHideNotice = "hide";
</script>
<script type="text/javascript" src="http://staticweb.archive.org/js/disclaim.js"></script>
"""
    return Replayed(_before_end(_into_body(markup, shown), _CLOSING + script), None)


def archive_today(markup: str, url: str) -> Replayed:
    """archive.today: a head of its own, class names gone, every link absolute and led outward."""

    def link(href: str) -> str:
        if href.startswith("#"):
            return f"https://archive.ph/{NAME}{href}"
        return href if _LEFT.match(href) else f"https://archive.ph/o/{NAME}/{urljoin(base, href)}"

    title = re.search(r"<title>(.*?)</title>", markup, re.DOTALL | re.IGNORECASE)[1]
    declared = re.search(r'<base href="([^"]+)"', markup)
    base = declared[1] if declared else url
    opening, inner = re.search(
        r"<html([^>]*)>.*?<body[^>]*>(.*)</body>", without_classes(markup), re.DOTALL | re.IGNORECASE
    ).groups()
    wrap = " ".join(re.findall(r"""\b(?:dir|lang)=["']?[\w-]+["']?""", opening))
    return Replayed(
        f"""<!DOCTYPE html><html style="background-color:#EEEEEE" prefix="og: http://ogp.me/ns#" itemscope itemtype="http://schema.org/Article"><head><meta http-equiv="Content-Type" content="text/html;charset=utf-8"/><meta name="robots" content="index,noarchive"/><meta property="twitter:site" content="@archiveis"/><meta property="og:type" content="article"/><meta property="og:site_name" content="archive.ph"/><meta property="og:url" content="https://archive.ph/{NAME}" itemprop="url"/><meta property="og:title" content="{title}"/><meta property="twitter:description" content="archived 5 Mar 2019 10:22:31 UTC" itemprop="description"/><meta property="article:published_time" content="2019-03-05T10:22:31Z" itemprop="dateCreated"/><meta property="article:modified_time" content="2019-03-05T10:22:31Z" itemprop="dateModified"/><link rel="canonical" href="https://archive.ph/{NAME}"/><link rel="bookmark" href="http://archive.today/{TIME}/{_escaped(url)}"/><title>{title}</title></head><body style="margin:0;background-color:#EEEEEE"><center><div id="HEADER" style="font-family:sans-serif;background-color:#FFFAE1;border-bottom:2px #B40010 solid;min-width:1028px"><div style="padding-top:10px"></div><table style="width:1028px;font-size:10px" border="0" cellspacing="0" cellpadding="0"><tr><td style="width:150px;text-align:center;vertical-align:top" rowspan="2"><a style="text-decoration:none" href="https://archive.ph/"><div style="font-size:24px">archive.today</div><div style="font-size:12px">webpage capture</div></a></td><td style="font-weight:bold">Saved from</td><td><form style="text-align:left;margin:0" action="https://archive.ph/search/" method="get"><input type="text" name="q" value="{_escaped(url)}"/><a href="https://archive.ph/{_escaped(url)}">history</a><input type="submit" tabindex="-1" value="search"/></form></td><td><time itemprop="pubdate" datetime="2019-03-05T10:22:31Z">5 Mar 2019 10:22:31 UTC</time></td></tr><tr><td>All snapshots</td><td colspan="2"><b>from host </b><a href="https://archive.ph/{urlsplit(url).hostname}">{urlsplit(url).hostname}</a></td></tr><tr><td colspan="2"><a href="https://archive.ph/{NAME}">Webpage</a><a href="https://archive.ph/{NAME}/image">Screenshot</a></td></tr><tr><td><a href="https://archive.ph/{NAME}/share">share</a><a href="https://archive.ph/download/{NAME}.zip">download .zip</a><a href="https://archive.ph/{NAME}/abuse">report bug or abuse</a></td><td><div id="DIVSHARE" style="position:fixed;display:none"><center id="DIVSHARE2"><button title="Share to Reddit">Reddit</button><button title="Share to Twitter">Twitter</button><div>short link</div><input id="SHARE_SHORTLINK" value="https://archive.ph/{NAME}"/></center></div></td></tr></table></div><div id="CONTENT" style="background-color:white;min-height:768px;position:relative;border:2px #999999 solid;margin:0px -2px;width:1024px" onclick=""><div class="html1" style="width: 1024px;text-align: left;overflow-x: auto;position: relative;min-height: 768px;; z-index: 0"><div class="html" {wrap} style="text-align:left;overflow-x:visible;">
<div class="body" style="vertical-align:bottom;min-height:115px;color:rgb(0, 0, 0);text-align:left;margin: 8px; ">{rewrite(inner, link)}</div></div></div><!--[if !IE]><!--><div style="position:absolute;right:1028px;top:-14px;bottom:-2px"><table id="hashtags" style="text-align:right;font-family:sans-serif;font-size:10px" border="0" height="100%"><tr><td id="0%" style="vertical-align:top"><a style="color:#999999" href="#0%">0%</a></td></tr><tr><td id="10%" style="vertical-align:top"><a style="color:#999999" href="#10%">10%</a></td></tr><tr><td id="100%" style="vertical-align:bottom;height:12px"><a style="color:#999999" href="#100%">100%</a></td></tr></table></div><!--<![endif]--><script type="text/javascript">function showDivShare() {{ return false; }}</script></div></center></body></html>""",
        None,
    )


def _pywb_head(url: str, prefix: str, *, modifier: str, framed: bool) -> str:
    parts = urlsplit(url)
    return f"""
<!-- WB Insert -->
<script>
  wbinfo = {{}};
  wbinfo.top_url = "{prefix}{TIME}/{url}";
  wbinfo.url = "{url}";
  wbinfo.timestamp = "{TIME}";
  wbinfo.request_ts = "{TIME}";
  wbinfo.prefix = decodeURI("{prefix}");
  wbinfo.mod = "{modifier}";
  wbinfo.is_framed = {str(framed).lower()};
  wbinfo.is_live = false;
  wbinfo.coll = "{prefix.rstrip("/").rpartition("/")[2]}";
  wbinfo.proxy_magic = "";
</script>
<script src='/static/wombat.js'> </script>
<script>
  wbinfo.wombat_ts = "{TIME}";
  wbinfo.wombat_scheme = "{parts.scheme}";
  wbinfo.wombat_host = "{parts.netloc}";
</script>
<!-- End WB Insert -->
"""


def pywb_frameless(markup: str, url: str) -> Replayed:
    """pywb on a machine of one's own, its banner drawn when the page was saved."""
    prefix = "http://localhost:8080/letters/"
    banner = (
        '<wb_div id="_wb_plain_banner" lang="en"><span id="_wb_capture_info"><b id="title_or_url">'
        f"{_escaped(url)}</b><i>Archived on&nbsp;</i>Tue, 05 Mar 2019 10:22:31 GMT</span></wb_div>"
    )
    rewritten = rewrite(markup, prefixed(f"{prefix}{TIME}", url))
    return Replayed(_into_head(_into_body(rewritten, banner), _pywb_head(url, prefix, modifier="", framed=False)), None)


def pywb_archive(markup: str, url: str) -> Replayed:
    """An archive that runs pywb, with the frame's content alone."""
    prefix = "https://arquivo.pt/noFrame/replay/"
    rewritten = rewrite(markup, prefixed(f"{prefix}{TIME}", url, modifier="mp_"))
    return Replayed(
        _into_head(rewritten, _pywb_head(url, prefix, modifier="mp_", framed=True)), f"{prefix}{TIME}mp_/{url}"
    )


def openwayback(markup: str, url: str) -> Replayed:
    """OpenWayback with its time line, under an address of its own."""
    prefix = f"http://wayback.library.example/wayback/{TIME}"
    banner = """
<div id="wm-ipp" style="position:relative;z-index:99999;border:1px solid;color:black;background-color:lightYellow;font-size:10px;font-family:sans-serif;padding:5px" >
<table cellspacing="0" border="0" cellpadding="0" width="100%"><tr><td width="1" nowrap></td><td><table width="100%"><tr><td><span>Viewing version 3 of 7&nbsp;</span></td></tr><tr><td nowrap><span> Mar 5, 2019 10:22:31 AM </span>&nbsp;&nbsp;</td></tr></table></td>
<td width="400" align="center"><table><tr><td nowrap>Jan 1, 2018</td><td align="center"><img wmSpecial="1" src="/images/mark.jpg"></td><td nowrap align="right">Jan 1, 2020</td></tr></table></td>
<td align="right" width="400"><a wmSpecial="1" href="/help.jsp" target="_top">Help</a></td></tr></table>
</div>
"""
    rewritten = rewrite(markup, prefixed(prefix, url))
    return Replayed(_before_end(rewritten, banner) + _CLOSING, f"{prefix}/{url}")


def archive_it(markup: str, url: str) -> Replayed:
    """Archive-It with its yellow banner."""
    prefix = f"https://wayback.archive-it.org/2358/{TIME}"
    banner = f"""
<div id="wm-disclaim" style="display: block;"><div id="wm-disclaim-hide">hide</div>
<p>You are viewing an archived web page, collected at the request of <a href="https://archive-it.org/organizations/9">the Withern Record Office</a> using <a href="https://archive-it.org/">Archive-It</a>. This page was captured on 10:22:31 Mar 05, 2019, and is part of the <a href="https://archive-it.org/collections/2358">Canals and rivers</a> collection.
The information on this web page may be out of date. See <a href="https://wayback.archive-it.org/2358/*/{_escaped(url)}">All versions</a> of this archived page.</p>
<div id="wm-media-button">Loading media information</div></div>
"""
    rewritten = rewrite(markup, prefixed(prefix, url))
    return Replayed(_into_body(rewritten, banner) + _CLOSING, f"{prefix}/{url}")


FORMS = (
    wayback_2020, wayback_saved, wayback_2013, wayback_2008, archive_today, pywb_frameless, pywb_archive, openwayback,
    archive_it,
)  # fmt: skip
