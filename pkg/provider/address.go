package provider

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// network is the transport to real systems.
func (c *Client) network() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	proxy, _ := http.ProxyFromEnvironment(&http.Request{URL: c.base}) // an error shows again with the first request
	if proxy == nil {
		// After the name has been looked up, for each address that is tried: what a name
		// server says, and says a second time, cannot get past this. The address of a
		// proxy is the choice of whoever runs the program, and so is what it reaches.
		dialer.Control = c.checkAddress
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{RootCAs: c.options.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    c.options.Connections,
		MaxConnsPerHost:        c.options.Connections,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: mostHeaders,
		DisableCompression:     true, // we count what comes out, see unpacked
	}
}

// checkAddress refuses to connect to addresses inside, where answers are for others than us.
func (c *Client) checkAddress(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Error{Kind: snapshot.Config, Message: fmt.Sprintf("%q is no address of the internet", address)}
	}
	ip := at.Addr().Unmap()
	switch {
	case metadata(ip):
		return &Error{Kind: snapshot.Config, Message: fmt.Sprintf("%s is a link-local address; clouds give their credentials away there, so nothing is asked of it", ip)}
	case inside(ip) && !c.options.Private:
		return &Error{Kind: snapshot.Config, Message: fmt.Sprintf(
			"%s has the private address %s; if that is meant, allow it with private: true", c.base.Hostname(), ip)}
	}
	return nil
}

// Inside tells whether an address is not one of the public internet: behind a proxy the one
// that is asked cannot be seen, so who takes addresses from others looks at them before.
func Inside(ip netip.Addr) bool { return metadata(ip.Unmap()) || inside(ip.Unmap()) }

// metadata tells the addresses that no system of anybody has, but the metadata services of
// clouds: link-local ones and that of AWS in IPv6.
func metadata(ip netip.Addr) bool {
	return ip.IsLinkLocalUnicast() || ip.WithZone("") == netip.MustParseAddr("fd00:ec2::254")
}

// reserved are networks that are not the internet, beside those that net/netip knows: IANA
// IPv4 and IPv6 Special-Purpose Address Registries. Those that carry IPv4 addresses inside
// could name a private one.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2001::/32"),
	netip.MustParsePrefix("2002::/16"),
}

// inside tells whether an address is not one of the public internet.
func inside(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() {
		return true
	}
	for _, p := range reserved {
		if p.Contains(ip.WithZone("")) {
			return true
		}
	}
	return false
}
